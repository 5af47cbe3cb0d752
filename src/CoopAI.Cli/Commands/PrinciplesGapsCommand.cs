using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Evaluation.Tagging;
using CoopAI.Orchestration.Tagging;
using static CoopAI.Cli.Commands.TagCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai gaps</c>.</summary>
internal static class PrinciplesGapsCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command("gaps", "Count precedents per principle, topic and year, and name where there are few.");
        command.Run(environment, async (context, ct) =>
        {
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var coverage = await context.Get<CorpusTags>().GetCoverageAsync(ct);
            if (context.WantsJson)
            {
                context.WriteJson(coverage);
                return ExitStatus.Done;
            }

            context.Out.WriteLine(FormattableString.Invariant($"{coverage.CaseStudies} case studies, {coverage.Undated} of them undated"));
            context.Out.WriteLine("precedents  published  suggested  decided  principle");
            foreach (var p in coverage.Principles) context.Out.WriteLine(FormattableString.Invariant($"{p.Total.Precedents,10}  {p.Total.Published,9}  {p.Total.Suggested,9}  {p.Total.Decided,7}  {p.Id}"));
            if (coverage.Gaps.Count > 0) context.Out.WriteLine("Thin:");
            foreach (var gap in coverage.Gaps.Take(20)) context.Out.WriteLine(FormattableString.Invariant($"  {gap.Principle} with topic \"{gap.Topic}\": {gap.Precedents} of {gap.Of}"));
            if (coverage.Gaps.Count > 20) context.Out.WriteLine(FormattableString.Invariant($"  and {coverage.Gaps.Count - 20} more; see --json"));
            return ExitStatus.Done;
        });
        return command;
    }
}
