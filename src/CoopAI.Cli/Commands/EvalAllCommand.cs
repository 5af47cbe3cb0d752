using System.CommandLine;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Running;
using static CoopAI.Cli.Commands.EvaluateCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval all</c>.</summary>
internal static class EvalAllCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var accept = new Option<bool>("--accept") { Description = "Make this run the one that later runs are compared with (evals/accepted.json)." };
        var shared = new SharedOptions { GatesByDefault = true };
        var command = new Command("all", "Every offline suite on the repository's data, held against evals/thresholds.json.") { accept };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = shared.Runs(context);
            var suites = await runs.AllAsync(ct);
            var status = shared.Finish(context, "Evaluation", suites, runs);
            if (a.GetValue(accept)) AcceptedReport.Write(runs.Data.Accepted, suites);
            return status;
        });
        return command;
    }
}
