using System.CommandLine;
using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.LedgerCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ledger verify</c>.</summary>
internal static class LedgerVerifyCommand
{
    public static Command Create(CliEnvironment environment)
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
