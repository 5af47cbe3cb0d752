using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Running;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval grounding</c>.</summary>
internal static class EvalGroundingCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var pairs = FileOption("--pairs", "Sentences with the passages they cite, one JSON object a line.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("grounding", "Both error rates of the sentence verifier, by kind of alteration.") { pairs, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = shared.Runs(context);
            var suite = await runs.GroundingAsync(a.GetValue(pairs)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Grounding", [suite], runs);
        });
        return command;
    }
}
