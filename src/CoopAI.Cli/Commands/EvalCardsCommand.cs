using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Running;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval cards</c>.</summary>
internal static class EvalCardsCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var labels = FileOption("--labels", "Labels of cards, one JSON object a line.");
        var corpus = FileOption("--corpus", "The case studies that the labels speak of; otherwise those that ship.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("cards", "Evidence cards against a reader's labels: outcomes, costs, lessons, period, figures, partners, stubs. Cross-validated over case studies.") { labels, corpus, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = shared.Runs(context);
            var suite = await runs.CardsAsync(a.GetValue(labels)?.FullName, a.GetValue(corpus)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Cards", [suite], runs);
        });
        return command;
    }
}
