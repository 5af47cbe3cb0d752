using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Reviews;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.LedgerCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ledger rotate-key</c>.</summary>
internal static class LedgerRotateKeyCommand
{
    public static Command Create(CliEnvironment environment)
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
}
