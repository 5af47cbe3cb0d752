using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Running;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval answers</c>.</summary>
internal static class EvalAnswersCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var queries = FileOption("--queries", "Answerable questions: {\"id\",\"text\"} a line.");
        var unanswerable = FileOption("--unanswerable", "Questions without a precedent, in the same form.");
        var facts = FileOption("--facts", "Expected facts: {\"id\",\"facts\":[[\"wording\",…],…]} a line.");
        var corpus = FileOption("--corpus", "Case studies to answer from; otherwise those that ship. Kept in a temporary place.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("answers", "Whole answers: outcome, citation recall and precision, expected facts, length.") { corpus, queries, unanswerable, facts, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = shared.Runs(context);
            var suite = await runs.AnswersAsync(a.GetValue(corpus)?.FullName, a.GetValue(queries)?.FullName, a.GetValue(unanswerable)?.FullName, a.GetValue(facts)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Answers", [suite], runs);
        });
        return command;
    }
}
