using System.CommandLine;
using System.Globalization;
using CoopAI.Core;
using CoopAI.Core.Corpus;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai case-studies history</c>.</summary>
internal static class CaseStudiesHistoryCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var slug = CaseStudyCommands.Slug();
        var command = new Command("history", "Every version of a case study.") { slug };
        command.Run(environment, (context, _) =>
        {
            var versions = context.Get<ICaseStudyHistory>().Of(context.Arguments.GetValue(slug)!);
            if (versions.Count == 0) throw new BadInputException($"There is no case study \"{context.Arguments.GetValue(slug)}\".");
            if (context.WantsJson) context.WriteJson(new { versions });
            foreach (var v in context.WantsJson ? [] : versions)
                context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{v.Number}  {v.At:yyyy-MM-dd HH:mm}  {v.State.ToString().ToLowerInvariant(),-9}  {v.CaseStudy.Title}  by {v.By.Name}, from {v.From}{(v.By.Reason is { } reason ? $": {reason}" : "")}"));
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
