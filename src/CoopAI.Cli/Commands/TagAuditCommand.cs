using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Evaluation.Tagging;
using CoopAI.Orchestration.Tagging;
using static CoopAI.Cli.Commands.TagCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai audit</c>.</summary>
internal static class TagAuditCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var top = Top();
        var command = new Command("audit", "Where published, suggested and decided tags disagree, the surest first.") { top };
        command.Run(environment, async (context, ct) =>
        {
            var count = Top(context, top);
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var rows = await context.Get<CorpusTags>().GetAuditAsync(ct);
            if (context.WantsJson)
            {
                context.WriteJson(new { total = rows.Count, rows = rows.Take(count) });
                return ExitStatus.Done;
            }

            context.Out.WriteLine(FormattableString.Invariant($"{rows.Count} disagreements; the surest {Math.Min(count, rows.Count)}:"));
            foreach (var row in rows.Take(count))
            {
                var finding = row.Finding switch
                {
                    AuditFinding.LikelyMissing => "likely missing on the page",
                    AuditFinding.LikelyUnsupported => "on the page, but no sentence shows it; nearest",
                    _ => "staff decided otherwise",
                };
                context.Out.WriteLine(FormattableString.Invariant($"{row.Probability:P0}  {row.Principle}: {finding} – {row.Title} ({row.Slug})"));
                foreach (var evidence in row.Evidence.Take(1)) context.Out.WriteLine($"      “{evidence.Sentence}”");
            }

            return ExitStatus.Done;
        });
        return command;
    }
}
