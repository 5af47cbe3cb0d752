using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Reviews;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Cli;

/// <summary><c>coopai ledger</c>: the record that members can audit and verify.</summary>
internal static class LedgerCommands
{
    private const int DefaultPage = 50;

    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return new Command("ledger", "Look into the record of every answer, decision, review and change, and verify that it was not altered.")
        {
            List(environment),
            Show(environment),
            Verify(environment),
            Export(environment),
            Erase(environment),
            RotateKey(environment),
        };
    }

    /// <summary>The name and the reason that every change needs.</summary>
    internal static (Option<string> By, Option<string> Reason) Author() => (
        new("--by") { Description = "Who does it.", Required = true, HelpName = "NAME" },
        new("--reason") { Description = "Why, in a sentence that members will read.", Required = true, HelpName = "TEXT" });

    internal static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static Command List(CliEnvironment environment)
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

    private static Command Show(CliEnvironment environment)
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

    private static Command Verify(CliEnvironment environment)
    {
        var receipt = new Argument<FileInfo?>("RECEIPT") { Description = "A receipt's file: checked offline, with the public key alone. Without it, the whole ledger is checked.", Arity = ArgumentArity.ZeroOrOne };
        var publicKey = new Option<FileInfo?>("--public-key") { Description = "The public key that you were given. Default: the one beside the database.", HelpName = "FILE" };
        var heads = new Option<FileInfo?>("--heads") { Description = "Heads or receipts kept earlier, one JSON object a line: the ledger must still contain them.", HelpName = "FILE" };
        var command = new Command("verify", "Verify one receipt, or every entry, record, text, signature and hash of the ledger.") { receipt, publicKey, heads };
        command.Run(environment, (context, _) =>
        {
            using var key = context.Arguments.GetValue(publicKey) is { } file ? LedgerPublicKey.FromPem(ReadText(file), file.Name) : null;
            return Task.FromResult(context.Arguments.GetValue(receipt) is { } r
                ? VerifyReceipt(context, r, key)
                : VerifyAll(context, key, context.Arguments.GetValue(heads) is { } h ? ReadHeads(h) : []));
        });
        return command;
    }

    private static int VerifyReceipt(CommandContext context, FileInfo file, LedgerPublicKey? given)
    {
        if (file is { Exists: true, Length: > Receipt.MaxBytes }) throw new BadInputException($"{file.Name} has {file.Length:N0} bytes; a receipt has at most {Receipt.MaxBytes:N0}.");
        var receipt = Receipt.Parse(System.Text.Encoding.UTF8.GetBytes(ReadText(file)), file.Name);
        var path = CoopServices.ReadConfiguration()[$"{LedgerOptions.Section}:{nameof(LedgerOptions.KeyFile)}"] ?? LedgerKeyFile.DefaultName;
        using var own = given is null ? new LedgerKeyFile(Path.Combine(context.DataDirectory, path)).LoadPublic() : null;
        var key = given ?? own ?? throw new BadInputException($"There is no public key in {context.DataDirectory}. Give the one you were handed: --public-key FILE.");

        var wrong = receipt.Verify(key);
        if (context.WantsJson)
        {
            context.WriteJson(new { sound = wrong.Count == 0, index = receipt.Index, head = receipt.Head, key = key.Id, findings = wrong });
        }
        else if (wrong.Count == 0)
        {
            context.Out.WriteLine($"The receipt holds: entry {receipt.Index} stood in the ledger as shown when its head of size {receipt.Head.Size} was signed, {Clock(receipt.Head.Time)} UTC, with the key {key.Id}.");
        }
        else
        {
            foreach (var finding in wrong) context.Out.WriteLine(finding);
        }
        return wrong.Count == 0 ? ExitStatus.Done : ExitStatus.CheckFailed;
    }

    private static int VerifyAll(CommandContext context, LedgerPublicKey? key, List<SignedHead> heads)
    {
        if (!File.Exists(Path.Combine(context.DataDirectory, CoopDatabase.FileName)))
            throw new BadInputException($"There is no ledger in {context.DataDirectory}: no {CoopDatabase.FileName} lies there. Give the right directory with --data DIR.");
        using var copy = AuditCopy.IfReadOnly(context.DataDirectory);
        using var services = copy is null ? null : CoopServices.Build(context.Environment.Configuration ?? CoopServices.ReadConfiguration(), copy.Directory);
        var check = (services?.GetRequiredService<SqliteLedger>() ?? Open(context)).Verify(key, heads);
        if (context.WantsJson)
        {
            context.WriteJson(new { check.Sound, check.Entries, check.Head, check.Findings, check.Notes });
            return check.Sound ? ExitStatus.Done : ExitStatus.CheckFailed;
        }

        foreach (var finding in check.Findings) context.Out.WriteLine(finding.Message);
        context.Out.WriteLine(check.Sound
            ? $"The ledger is sound: {check.Entries:N0} entries, each as it was signed{(check.Head is { } h ? $"; newest head of {Clock(h.Time)} UTC, key {h.KeyId}" : "")}."
            : $"The ledger is NOT sound: {check.Findings.Count:N0} findings over {check.Entries:N0} entries.");
        foreach (var note in check.Notes) context.Out.WriteLine(note);
        return check.Sound ? ExitStatus.Done : ExitStatus.CheckFailed;
    }

    private static Command Export(CliEnvironment environment)
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

    private static Command Erase(CliEnvironment environment)
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

    private static Command RotateKey(CliEnvironment environment)
    {
        var (by, reason) = Author();
        var lost = new Option<bool>("--lost") { Description = "The old key is gone: the change carries no signature of it, and says so." };
        var command = new Command("rotate-key", "Give the ledger a new signing key and record the change.") { by, reason, lost };
        command.Run(environment, (context, _) =>
        {
            var ledger = Open(context);
            var receipt = ledger.RotateKey(context.Arguments.GetValue(lost), context.Arguments.GetValue(by)!, context.Arguments.GetValue(reason)!);
            if (context.WantsJson) context.WriteJson(new { key = receipt.Head.KeyId, publicKey = ledger.Key.PublicPath, receipt });
            else context.Out.WriteLine($"The ledger now signs with the key {receipt.Head.KeyId}. Hand round its public half: {ledger.Key.PublicPath}");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }

    internal static SqliteLedger Open(CommandContext context) => context.Get<SqliteLedger>();

    private static EntryWithTexts Find(SqliteLedger ledger, string id) =>
        (ledger.List(LedgerKind.Answer, id, take: 1) is [var answer] ? answer : null)
        ?? (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? ledger.Entry(index) : null)
        ?? throw new BadInputException($"\"{id}\" is neither an answer's id nor the place of an entry (0 to {(ledger.Head()?.Size ?? 0) - 1}). \"coopai ledger list\" shows both.");

    private static LedgerKind? Kind(string? word)
    {
        try
        {
            return word is null ? null : LedgerEntry.ParseKind(word);
        }
        catch (FormatException e)
        {
            throw new BadInputException($"--kind: {e.Message}", e);
        }
    }

    private static List<SignedHead> ReadHeads(FileInfo file)
    {
        var heads = new List<SignedHead>();
        var number = 0;
        foreach (var line in ReadText(file).Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using var json = JsonDocument.Parse(line);
                heads.Add(SignedHead.Parse(json.RootElement.TryGetProperty("head", out var head) ? head : json.RootElement));
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
            {
                throw new BadInputException($"{file.Name}, line {number}: neither a head nor a receipt ({e.Message}).", e);
            }
        }
        return heads;
    }

    private static string ReadText(FileInfo file)
    {
        try
        {
            return File.ReadAllText(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file.Name} cannot be read: {e.Message}", e);
        }
    }
}
