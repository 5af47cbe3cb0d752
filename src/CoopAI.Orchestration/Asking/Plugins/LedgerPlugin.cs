using CoopAI.Core.Ledger;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Plugins;

/// <summary>Writes into the ledger.</summary>
internal static class LedgerPlugin
{
    public static KernelPlugin Create(ILedger ledger) => KernelPluginFactory.CreateFromFunctions(
        Step.Record.Plugin, "The signed record of every answer.",
        [
            KernelFunctionFactory.CreateFromMethod(
                (Func<LedgerPlace, LedgerDraft> entry) => ledger.Append(entry), Step.Record.Function, "Records one entry and returns its receipt."),
        ]);
}
