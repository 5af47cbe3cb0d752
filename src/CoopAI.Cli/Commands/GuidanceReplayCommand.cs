using System.CommandLine;
using CoopAI.Adapters.Sqlite;
using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Ledger;
using CoopAI.Core.Verdicts;
using Microsoft.Extensions.AI;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai guidance replay</c>.</summary>
internal static class GuidanceReplayCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var folder = new Option<DirectoryInfo>("--guidance") { Description = "The folder with the changed framework.", Required = true, HelpName = "DIR" };
        var last = new Option<int?>("--last") { Description = "Only so many of the newest answers. Default: all.", HelpName = "N" };
        var command = new Command("replay", "Run a changed framework over past answers and list every verdict that would change, before it is adopted.") { folder, last };
        command.Run(environment, (context, ct) =>
        {
            var directory = context.Arguments.GetValue(folder)!;
            if (!directory.Exists) throw new BadInputException($"--guidance {directory}: there is no such folder.");
            var count = context.Arguments.GetValue(last);
            if (count is < 1) throw new BadInputException($"--last {count}: give a number from 1.");
            var runner = new GuidanceRunner(PromptFiles.Guidance(directory.FullName), questions: QuestionEncoder.Of(context.Get<IEmbeddingGenerator<string, Embedding<float>>>()));
            var ledger = context.Get<SqliteLedger>();
            var ids = ledger.AnswerIds();
            var answers = ids.Skip(count is { } n ? Math.Max(0, ids.Count - n) : 0).Select(ledger.Answer).OfType<RecordedAnswer>()
                .Select(a => (a.Entry.Subject!, a.Record, a.Question is not null));
            var report = GuidanceReplay.Run(answers, runner, ct);
            if (context.WantsJson) context.WriteJson(report);
            else Print(context.Out, report);
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }

    private static void Print(TextWriter output, ReplayReport report)
    {
        foreach (var c in report.Changes)
        {
            output.WriteLine($"{c.AnswerId}  {c.Rule} on {c.Target}: {Word(c.Was, c.WasActions)} → {Word(c.Now, c.NowActions)}");
            output.WriteLine($"    {c.Explanation}");
        }
        var answers = report.Changes.Select(c => c.AnswerId).Distinct(StringComparer.Ordinal).Count();
        output.WriteLine($"{report.Changes.Count:N0} verdicts in {answers:N0} of {report.Answers:N0} answers would change under {report.Version}.");
        if (report.InPart.Count > 0) output.WriteLine($"{report.InPart.Count:N0} answers were replayed in part: their question was erased.");
        if (report.NotReplayed.Count > 0) output.WriteLine($"{report.NotReplayed.Count:N0} answers could not be replayed: their record keeps no text for the rules.");
    }

    private static string Word(RuleStatus? status, IReadOnlyList<RuleAction> actions)
    {
        var word = status switch
        {
            null => "no verdict",
            RuleStatus.CouldNotCheck => "could not check",
            RuleStatus.NotApplicable => "not applicable",
            { } s => s.ToString().ToLowerInvariant(),
        };
        return actions.Count == 0 ? word : $"{word} ({string.Join(", ", actions.Select(a => a.ToString().ToLowerInvariant()))})";
    }
}
