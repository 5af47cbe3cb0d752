using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ledger</c>: the record that members can audit and verify.</summary>
internal static class LedgerCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return new Command("ledger", "Look into the record of every answer, decision, review and change, and verify that it was not altered.")
        {
            LedgerListCommand.Create(environment),
            LedgerShowCommand.Create(environment),
            LedgerVerifyCommand.Create(environment),
            LedgerExportCommand.Create(environment),
            LedgerEraseCommand.Create(environment),
            LedgerRotateKeyCommand.Create(environment),
        };
    }

    /// <summary>The name and the reason that every change needs.</summary>
    internal static (Option<string> By, Option<string> Reason) Author() => (
        new("--by") { Description = "Who does it.", Required = true, HelpName = "NAME" },
        new("--reason") { Description = "Why, in a sentence that members will read.", Required = true, HelpName = "TEXT" });

    internal static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    internal static SqliteLedger Open(CommandContext context) => context.Get<SqliteLedger>();

    internal static LedgerKind? Kind(string? word)
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
}
