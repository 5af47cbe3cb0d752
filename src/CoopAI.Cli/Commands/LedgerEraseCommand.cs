using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Reviews;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.LedgerCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ledger erase</c>.</summary>
internal static class LedgerEraseCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = new Argument<string?>("ID") { Description = "The answer whose question, asker's council, reviewers' names and reasons and comments are erased.", Arity = ArgumentArity.ZeroOrOne };
        var days = new Option<int?>("--older-than") { Description = "Erase the questions of all answers, and the comments on them, older than this many days instead.", HelpName = "DAYS" };
        var entry = new Option<long?>("--entry") { Description = "Erase author and reason of this one entry instead, such as a change of a setting or a tag decision.", HelpName = "N" };
        var command = new Command("erase", "Erase what people typed: a question and all that was said about its answer, or one entry's author and reason. The proofs stay valid, and an entry records that it was done.") { id, days, entry };
        command.Run(environment, (context, ct) =>
        {
            var answer = context.Arguments.GetValue(id);
            var age = context.Arguments.GetValue(days);
            var one = context.Arguments.GetValue(entry);
            if (new object?[] { answer, age, one }.Count(given => given is not null) != 1) throw new BadInputException("Give either the id of one answer, or --older-than DAYS, or --entry N.");
            if (age is < 1 or > 36_500) throw new BadInputException($"--older-than {age}: give a number of days from 1 to 36,500.");
            var ledger = Open(context);
            if (one is { } index)
            {
                var done = ledger.EraseEntry(index) is not null;
                if (context.WantsJson) context.WriteJson(new { erased = done ? 1 : 0 });
                else context.Out.WriteLine(done ? $"The texts of entry {index} were erased." : "Nothing was left to erase.");
                return Task.FromResult(ExitStatus.Done);
            }

            var erased = answer is not null ? ledger.EraseQuestion(answer) is null ? 0 : 1 : ledger.EraseOlderThan(age!.Value, ct);
            if (answer is not null) erased = Math.Max(erased, Math.Min(1, context.Get<FeedbackBook>().EraseOf(answer)));
            if (age is { } limit) context.Get<FeedbackBook>().EraseOlderThan(limit);
            if (context.WantsJson) context.WriteJson(new { erased });
            else context.Out.WriteLine(erased == 0 ? "Nothing was left to erase." : $"The questions of {erased:N0} answers were erased.");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
