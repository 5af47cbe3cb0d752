using System.CommandLine;
using System.Globalization;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai case-studies withdraw</c>, <c>restore</c> and <c>part</c>: one change of one case study.</summary>
internal static class CaseStudiesChangeCommand
{
    public static Command CreateWithdraw(CliEnvironment environment) => Create(
        "withdraw", "Take a case study out of search. Answers that quoted it say so from then on.", environment, needsReason: true, (desk, slug, _, by, ct) => desk.WithdrawAsync(slug, by, null, ct));

    public static Command CreateRestore(CliEnvironment environment) => Create(
        "restore", "Publish a version again.", environment, needsReason: false, (desk, slug, _, by, ct) => desk.RestoreAsync(slug, null, by, null, ct),
        new Option<int?>("--version") { HelpName = "N", Description = "Which version; default: the newest." });

    public static Command CreatePart(CliEnvironment environment) => Create(
        "part", "Say that a case study tells a story of its own after all.", environment, needsReason: false,
        async (desk, slug, history, by, ct) =>
        {
            await desk.PartAsync(slug, by, ct);
            return history.Latest(slug)!;
        });

    private static Command Create(
        string name, string description, CliEnvironment environment, bool needsReason,
        Func<CaseStudyDesk, string, ICaseStudyHistory, CaseStudyEditor, CancellationToken, Task<CaseStudyVersion>> change, Option<int?>? version = null)
    {
        var (slug, by) = (CaseStudyCommands.Slug(), CaseStudyCommands.By());
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Required = needsReason, Description = needsReason ? "Why: readers of answers that quoted it see it." : "Why." };
        var command = new Command(name, description) { slug, reason, by };
        if (version is not null) command.Add(version);
        command.Run(environment, async (context, ct) =>
        {
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var editor = new CaseStudyEditor("staff", context.Arguments.GetValue(by) ?? Environment.UserName, context.Arguments.GetValue(reason));
            var (desk, which) = (context.Get<CaseStudyDesk>(), context.Arguments.GetValue(slug)!);
            var changed = version is not null && context.Arguments.GetValue(version) is { } number
                ? await desk.RestoreAsync(which, number, editor, null, ct)
                : await change(desk, which, context.Get<ICaseStudyHistory>(), editor, ct);
            await context.Get<CorpusTags>().UpdateAsync(ct);
            if (context.WantsJson) context.WriteJson(new { changed.Slug, version = changed.Number, changed.State });
            else await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{changed.Slug} is {changed.State.ToString().ToLowerInvariant()}, version {changed.Number}."));
            return ExitStatus.Done;
        });
        return command;
    }
}
