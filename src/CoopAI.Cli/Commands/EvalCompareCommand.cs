using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Retrieval;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval compare</c>.</summary>
internal static class EvalCompareCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var first = new Argument<FileInfo>("A") { Description = "A settings file (JSON) or a TREC run: the baseline." };
        var second = new Argument<FileInfo>("B") { Description = "A settings file or a run: the candidate." };
        var corpus = FileOption("--corpus", "Case studies; otherwise those that ship.");
        var queries = FileOption("--queries", "Questions; otherwise the development questions.");
        var qrels = FileOption("--qrels", "Judgements of these questions.");
        var metric = new Option<string>("--metric") { Description = "What is compared.", HelpName = "NAME", DefaultValueFactory = _ => RunScorer.Primary };
        metric.AcceptOnlyFromAmong([.. RunScorer.Metrics]);
        var top = new Option<int>("--top") { Description = "Ranks shown of each question.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var shared = new SharedOptions();
        var command = new Command("compare", "Two configurations or two runs side by side: which questions got better or worse, with both rankings.")
        {
            first, second, corpus, queries, qrels, metric, top,
        };
        shared.AddEvals(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            if (a.GetValue(queries) is null != a.GetValue(qrels) is null) throw new BadInputException("Give --queries and --qrels together.");
            await using var runs = shared.Runs(context);
            var comparison = await runs.CompareAsync(
                a.GetRequiredValue(first), a.GetRequiredValue(second), a.GetValue(corpus)?.FullName, a.GetValue(queries)?.FullName, a.GetValue(qrels)?.FullName, a.GetRequiredValue(metric), a.GetValue(top), ct);
            if (context.WantsJson) context.Out.WriteLine(comparison.ToJson().ToJsonString(CoopJson.Options));
            else comparison.Write(context.Out);
            return ExitStatus.Done;
        });
        return command;
    }
}
