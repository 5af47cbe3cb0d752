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
        var claims = FileOption("--claims", "Measure on claims with the pages that they rest on instead: {\"id\",\"claim\",\"evidence\":[sentences],\"label\":\"supported|partially_supported|not_supported\"} a line.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("grounding", "Both error rates of the sentence verifier, by kind of alteration.") { pairs, claims, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = shared.Runs(context);
            if (a.GetValue(pairs) is not null && a.GetValue(claims) is not null) throw new BadInputException("Give --pairs or --claims, not both: they are measured in different ways.");
            var suite = a.GetValue(claims) is { } file ? await runs.ClaimsAsync(file.FullName, ct) : await runs.GroundingAsync(a.GetValue(pairs)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Grounding", [suite], runs);
        });
        return command;
    }
}
