using CoopAI.Adapters;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;

namespace CoopAI.Cli.Commands;

/// <summary>What commands share that need the stored case studies.</summary>
internal static class CorpusCommands
{
    /// <summary>Loads the shipped case studies at the first start and takes over what other processes changed since.</summary>
    public static async Task<CorpusService> OpenCorpusAsync(CommandContext context, CancellationToken ct)
    {
        var corpus = context.Get<CorpusService>();
        var loaded = await context.WithProgressAsync("Loading the shipped case studies", progress => corpus.LoadShippedAsync(ProductFiles.Corpus, progress, ct));
        // A process that was killed, or an older version, may have left case studies without suggestions.
        if (loaded is not null || !context.Get<TagBook>().HasSuggestions) await context.Get<CorpusTags>().UpdateAsync(ct);
        return corpus;
    }
}
