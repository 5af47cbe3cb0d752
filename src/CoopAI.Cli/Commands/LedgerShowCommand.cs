using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.LedgerCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ledger show</c>.</summary>
internal static class LedgerShowCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = new Argument<string>("ID") { Description = "An answer's id, or the place of an entry." };
        var receipt = new Option<bool>("--receipt") { Description = "Print the receipt alone, to be kept in a file and verified later." };
        var command = new Command("show", "Show an entry with its record, its texts and its receipt.") { id, receipt };
        command.Run(environment, (context, _) =>
        {
            var ledger = Open(context);
            var found = Find(ledger, context.Arguments.GetValue(id)!);
            var proof = ledger.ReceiptFor(found.Entry.Index)!;
            if (context.Arguments.GetValue(receipt))
            {
                context.Out.WriteLine(context.WantsJson ? proof.ToJson().ToJsonString(CoopJson.Options) : proof.ToJson().ToJsonString(CoopJson.Indented));
                return Task.FromResult(ExitStatus.Done);
            }

            var answer = found.Entry is { Kind: LedgerKind.Answer, Subject: { } subject } ? ledger.Answer(subject) : null;
            if (context.WantsJson)
            {
                context.WriteJson(new { entry = found.Entry.Json, texts = found.Texts, record = answer?.Record, receipt = proof });
                return Task.FromResult(ExitStatus.Done);
            }

            context.Out.WriteLine($"Entry {found.Entry.Index}, {LedgerEntry.Word(found.Entry.Kind)}{(found.Entry.Subject is { } s ? $" {s}" : "")}, recorded {Clock(found.Entry.At)} UTC by the {found.Entry.Actor}.");
            if (found.Entry.Json.TryGetProperty("clockWentBackMs", out var back))
                context.Out.WriteLine($"The clock stood {back.GetInt64():N0} ms behind the entry before.");
            context.Out.WriteLine($"Payload: {found.Entry.Payload.GetRawText()}");
            foreach (var name in found.Entry.Texts.Keys.Order(StringComparer.Ordinal))
                context.Out.WriteLine($"{name}: {found.Texts.GetValueOrDefault(name) ?? "[erased]"}");
            if (answer is not null) context.Out.WriteLine(answer.Record.ToJsonString(CoopJson.Indented));
            context.Out.WriteLine($"Proven by {proof.Proof.Count} hashes against the head of size {proof.Head.Size}, signed {Clock(proof.Head.Time)} UTC with the key {proof.Head.KeyId}.");
            context.Out.WriteLine($"Keep the receipt: coopai ledger show {context.Arguments.GetValue(id)} --receipt > receipt.json");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }

    private static EntryWithTexts Find(SqliteLedger ledger, string id) =>
        (ledger.List(LedgerKind.Answer, id, take: 1) is [var answer] ? answer : null)
        ?? (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? ledger.Entry(index) : null)
        ?? throw new BadInputException($"\"{id}\" is neither an answer's id nor the place of an entry (0 to {(ledger.Head()?.Size ?? 0) - 1}). \"coopai ledger list\" shows both.");
}
