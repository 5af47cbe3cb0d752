using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Running;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval tagging</c>.</summary>
internal static class EvalTaggingCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var train = FileOption("--train", "Labelled texts to learn from: case-study lines, with \"arguable\" and \"principlesUnknown\" masked.");
        var test = FileOption("--test", "Labelled texts to tag.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("tagging", "How well texts get the ten principles. Without files: cross-validation on the readers' labels.") { train, test, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            if (a.GetValue(train) is null != a.GetValue(test) is null) throw new BadInputException("Give --train and --test together, or neither for cross-validation on the readers' labels.");
            await using var runs = shared.Runs(context);
            var suite = await runs.TaggingAsync(a.GetValue(train)?.FullName, a.GetValue(test)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Tagging", [suite], runs);
        });
        return command;
    }
}
