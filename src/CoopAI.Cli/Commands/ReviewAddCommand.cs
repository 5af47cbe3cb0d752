using System.CommandLine;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using static CoopAI.Cli.Commands.ReviewCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai reviews add</c>.</summary>
internal static class ReviewAddCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = new Argument<string>("ID") { Description = "The answer." };
        var by = new Option<string>("--by") { Description = "The member's name.", Required = true, HelpName = "NAME" };
        var verdict = new Option<string>("--verdict") { Description = "agree, disagree or unsure.", Required = true, HelpName = "VERDICT" };
        var rule = new Option<string?>("--rule") { Description = "The rule whose result is judged; without it, the answer as a whole.", HelpName = "VG06" };
        var target = new Option<string?>("--target") { Description = "Which of the rule's results, such as sentence:2.", HelpName = "KIND:ID" };
        var reason = new Option<string?>("--reason") { Description = "Why; required for a disagreement.", HelpName = "TEXT" };
        var command = new Command("add", "Record a review.") { id, by, verdict, rule, target, reason };
        command.Run(environment, (context, _) =>
        {
            var word = context.Arguments.GetValue(verdict)!;
            if (!Enum.GetNames<ReviewVerdict>().Contains(word, StringComparer.OrdinalIgnoreCase))
                throw new BadInputException($"--verdict {word}: write agree, disagree or unsure.");
            var review = context.Get<ReviewBook>().Add(new(
                context.Arguments.GetValue(id)!, context.Arguments.GetValue(by)!, Enum.Parse<ReviewVerdict>(word, ignoreCase: true),
                context.Arguments.GetValue(rule), context.Arguments.GetValue(target), context.Arguments.GetValue(reason)));
            if (context.WantsJson) context.WriteJson(review);
            else context.Out.WriteLine($"Recorded as entry {review.Entry}.");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
