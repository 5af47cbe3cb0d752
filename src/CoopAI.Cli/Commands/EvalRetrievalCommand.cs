using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Running;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval retrieval</c>.</summary>
internal static class EvalRetrievalCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var corpus = FileOption("--corpus", "Case studies, one JSON object a line. It is indexed in memory, never into your data.");
        var queries = FileOption("--queries", "Questions: {\"id\",\"text\"} a line.");
        var qrels = FileOption("--qrels", "Judgements in TREC's four columns, separated by white space.");
        var run = new Option<FileInfo?>("--run") { Description = "Write the rankings here, in TREC's six columns.", HelpName = "OUT" };
        var score = FileOption("--score", "Score this TREC run instead of searching.");
        var depth = new Option<int>("--depth") { Description = "Case studies ranked for a question, 1 to 1000.", HelpName = "N", DefaultValueFactory = _ => 1000 };
        depth.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int>() is < 1 or > 1000) r.AddError("--depth must lie between 1 and 1000.");
        });
        var shared = new SharedOptions();
        var command = new Command("retrieval", "How well the right case studies are found: nDCG@10, MAP, MRR, recall and success, also by facet and against plain BM25.")
        {
            corpus, queries, qrels, run, score, depth,
        };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            var asked = (Corpus: a.GetValue(corpus)?.FullName, Queries: a.GetValue(queries)?.FullName, Qrels: a.GetValue(qrels)?.FullName, Score: a.GetValue(score)?.FullName);
            if (asked is { Queries: null } != asked is { Qrels: null } || (asked.Queries is null && asked.Corpus is not null))
                throw new BadInputException("Give --corpus, --queries and --qrels together, or none of them for the development questions. With --score, --corpus may be left out.");
            if (asked is { Queries: not null, Corpus: null, Score: null })
                throw new BadInputException("--corpus is missing: which case studies are to be searched? Or give a run with --score.");
            await using var runs = shared.Runs(context);
            var suite = await runs.RetrievalAsync(asked.Corpus, asked.Queries, asked.Qrels, asked.Score, a.GetValue(depth), ct);
            if (a.GetValue(run) is { } file)
                WriteTo(file, () =>
                {
                    using var writer = new StreamWriter(file.FullName);
                    suite.Run!.Write(writer);
                });
            return shared.Finish(context, "Retrieval", [suite], runs);
        });
        return command;
    }
}
