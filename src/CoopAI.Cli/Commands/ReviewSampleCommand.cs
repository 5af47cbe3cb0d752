using System.CommandLine;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using static CoopAI.Cli.Commands.ReviewCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai reviews sample</c>.</summary>
internal static class ReviewSampleCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var week = new Option<string?>("--week") { Description = "ISO week such as 2026-W47. Default: the last whole week.", HelpName = "WEEK" };
        var size = new Option<int>("--size") { Description = "How many answers.", DefaultValueFactory = _ => ReviewSample.DefaultSize, HelpName = "N" };
        var seed = new Option<string?>("--seed") { Description = "Draw with this seed. Default: a random one. Either way it is recorded.", HelpName = "SEED" };
        var command = new Command("sample", "Draw the answers of a week that members are asked to review. A week is drawn once; the draw is an entry of the ledger.") { week, size, seed };
        command.Run(environment, (context, _) =>
        {
            var sample = context.Get<ReviewBook>().Sample(context.Arguments.GetValue(week), context.Arguments.GetValue(size), context.Arguments.GetValue(seed));
            if (context.WantsJson)
            {
                context.WriteJson(sample);
                return Task.FromResult(ExitStatus.Done);
            }
            context.Out.WriteLine($"Week {sample.Week}: {sample.Answers.Count} of {sample.Population} answers, drawn with the seed {sample.Seed} (entry {sample.Entry}).");
            foreach (var answer in sample.Answers) context.Out.WriteLine(answer);
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
