using System.CommandLine;
using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.LedgerCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ledger list</c>.</summary>
internal static class LedgerListCommand
{
    private const int DefaultPage = 50;

    public static Command Create(CliEnvironment environment)
    {
        var kind = new Option<string?>("--kind") { Description = "Only entries of this kind: answer, review, review-sample, tag-decision, guidance-change, settings-change, key-rotation, erasure.", HelpName = "KIND" };
        var about = new Option<string?>("--about") { Description = "Only entries about this answer, case study or setting.", HelpName = "ID" };
        var before = new Option<long?>("--before") { Description = "Only entries before this place, to page on.", HelpName = "INDEX" };
        var take = new Option<int>("--take") { Description = "How many at most, up to 1,000.", DefaultValueFactory = _ => DefaultPage, HelpName = "N" };
        var command = new Command("list", "List the entries, newest first.") { kind, about, before, take };
        command.Run(environment, (context, _) =>
        {
            var count = context.Arguments.GetValue(take);
            if (count is < 1 or > SqliteLedger.MaxPage) throw new BadInputException($"--take {count}: give a number from 1 to {SqliteLedger.MaxPage:N0}.");
            var ledger = Open(context);
            var entries = ledger.List(Kind(context.Arguments.GetValue(kind)), context.Arguments.GetValue(about), context.Arguments.GetValue(before), count);
            if (context.WantsJson)
            {
                context.WriteJson(new { size = ledger.Head()?.Size ?? 0, entries = entries.Select(e => e.Entry.Json) });
                return Task.FromResult(ExitStatus.Done);
            }

            foreach (var (entry, _) in entries)
            {
                var facts = string.Join(" ", entry.Payload.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.String && m.Value.GetString()!.Length <= 40)
                    .Select(m => $"{m.Name}={m.Value.GetString()}"));
                context.Out.WriteLine($"{entry.Index,7}  {Clock(entry.At)}  {LedgerEntry.Word(entry.Kind),-15}  {entry.Actor,-13}  {entry.Subject}  {facts}".TrimEnd());
            }
            if (entries.Count == 0) context.Out.WriteLine("There are no such entries.");
            else if (entries[^1].Entry.Index > 0 && entries.Count == count) context.Out.WriteLine($"Older ones: coopai ledger list --before {entries[^1].Entry.Index}");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
