using System.CommandLine;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai case-studies merge</c>.</summary>
internal static class CaseStudiesMergeCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var (slug, into, by) = (CaseStudyCommands.Slug(), new Argument<string>("INTO") { Description = "The case study that search and answers show instead." }, CaseStudyCommands.By());
        var command = new Command("merge", "Count two case studies as one story. Nothing of either is lost.") { slug, into, by };
        command.Run(environment, async (context, ct) =>
        {
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var (from, to) = (context.Arguments.GetValue(slug)!, context.Arguments.GetValue(into)!);
            await context.Get<CaseStudyDesk>().MergeAsync(from, to, new CaseStudyEditor("staff", context.Arguments.GetValue(by) ?? Environment.UserName), ct);
            var shown = context.Get<ICaseStudyHistory>().Twins()[from];
            if (context.WantsJson) context.WriteJson(new { slug = from, into = shown });
            else await context.Out.WriteLineAsync($"{from} counts as {shown}. Take it back with: coopai case-studies part {from}");
            return ExitStatus.Done;
        });
        return command;
    }
}
