using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Running;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval guidance</c>.</summary>
internal static class EvalGuidanceCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var cases = FileOption("--cases", "Rule cases, one JSON object a line.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("guidance", "Whether the values rules object to what they should and to nothing else.") { cases, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = shared.Runs(context);
            var suite = await runs.GuidanceAsync(a.GetValue(cases)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Guidance", [suite], runs);
        });
        return command;
    }
}
