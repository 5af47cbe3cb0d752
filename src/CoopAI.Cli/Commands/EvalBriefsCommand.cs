using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Running;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval briefs</c>.</summary>
internal static class EvalBriefsCommand
{
    private const int Letters = 5;

    public static Command Create(CliEnvironment environment)
    {
        var questions = FileOption("--questions", "Questions with the sentences that answer, one JSON object a line, as evals/briefs/README.md says; otherwise those of the repository.");
        var corpus = FileOption("--corpus", "Case studies to answer from; otherwise those that ship. Kept in a temporary place.");
        var letters = FileOption("--letters", "Write the first five letters with their briefs into this Markdown file, and measure nothing.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("briefs", "Whole briefs against the sentences that answer: is the right question answered, with the right sentences, from case studies that belong.") { questions, corpus, letters, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = shared.Runs(context);
            if (a.GetValue(letters) is { } file)
            {
                if (file.Directory is not { Exists: true }) throw new BadInputException($"--letters {file}: there is no such folder.");
                await File.WriteAllTextAsync(file.FullName, await runs.LettersAsync(Letters, ct), ct);
                return ExitStatus.Done;
            }

            var suite = await runs.BriefsAsync(a.GetValue(questions)?.FullName, a.GetValue(corpus)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Briefs", [suite], runs);
        });
        return command;
    }
}
