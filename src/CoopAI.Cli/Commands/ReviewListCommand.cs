using System.CommandLine;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Reviews;
using CoopAI.Core.Statistics;
using CoopAI.Orchestration.Reviewing;
using static CoopAI.Cli.Commands.ReviewCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai reviews list</c>.</summary>
internal static class ReviewListCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = new Argument<string?>("ID") { Description = "The answer; without it, all reviews.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "List reviews, oldest first.") { id };
        command.Run(environment, (context, _) =>
        {
            var book = context.Get<ReviewBook>();
            var reviews = context.Arguments.GetValue(id) is { } answer ? book.Of(answer) : book.All();
            if (context.WantsJson)
            {
                context.WriteJson(new { reviews });
                return Task.FromResult(ExitStatus.Done);
            }
            foreach (var r in reviews)
            {
                context.Out.WriteLine(
                    $"{r.Entry,7}  {LedgerCommands.Clock(r.At)}  {r.AnswerId}  {r.Rule ?? "answer"}{(r.Target is null ? "" : " " + r.Target)}  {r.Verdict.ToString().ToLowerInvariant()}  {r.Member ?? "[erased]"}{(r.Counts ? "" : "  (replaced)")}{(r.Reason is null ? "" : $"  {r.Reason}")}");
            }
            if (reviews.Count == 0) context.Out.WriteLine("There are no reviews.");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
