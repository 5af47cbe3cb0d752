using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.LedgerCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ledger export</c>.</summary>
internal static class LedgerExportCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var from = new Option<DateTime?>("--from") { Description = "Only entries from this day on (UTC).", HelpName = "DATE" };
        var to = new Option<DateTime?>("--to") { Description = "Only entries up to this day, it included (UTC).", HelpName = "DATE" };
        var csv = new Option<bool>("--csv") { Description = "A table of the entries instead of JSON lines." };
        var command = new Command("export", "Print entries with their signed heads and records, one JSON object a line, oldest first. Texts that may be erased are left out.") { from, to, csv };
        command.Run(environment, async (context, ct) =>
        {
            var ledger = Open(context);
            var first = context.Arguments.GetValue(from) is { } f ? new DateTimeOffset(f.Date, TimeSpan.Zero) : DateTimeOffset.MinValue;
            var end = context.Arguments.GetValue(to) is { } t ? new DateTimeOffset(t.Date.AddDays(1), TimeSpan.Zero) : DateTimeOffset.MaxValue;
            var exported = ledger.Export().Where(e => e.Entry.At >= first && e.Entry.At < end);
            if (context.Arguments.GetValue(csv))
            {
                await context.Out.WriteAsync(Csv.Write(["index", "at", "kind", "actor", "subject", "payload", "leaf"], exported.Select(e => (IReadOnlyList<string?>)
                [
                    e.Entry.Index.ToString(CultureInfo.InvariantCulture), Clock(e.Entry.At), LedgerEntry.Word(e.Entry.Kind), e.Entry.Actor, e.Entry.Subject, e.Entry.Payload.GetRawText(),
                    Convert.ToHexStringLower(e.Entry.LeafHash()),
                ])));
                return ExitStatus.Done;
            }

            if (context.WantsJson)
            {
                context.WriteJson(new { entries = exported.Select(Line) });
                return ExitStatus.Done;
            }
            foreach (var entry in exported)
            {
                ct.ThrowIfCancellationRequested();
                await context.Out.WriteLineAsync(Line(entry).ToJsonString(CoopJson.Options));
            }
            return ExitStatus.Done;
        });
        return command;
    }

    private static JsonObject Line(ExportedEntry e) => new()
    {
        ["entry"] = JsonNode.Parse(e.Entry.Canonical.Span),
        ["head"] = e.Head?.ToJson(),
        ["record"] = e.Record is null ? null : JsonNode.Parse(e.Record),
    };
}
