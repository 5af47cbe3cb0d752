using System.CommandLine;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai index</c>: looks after the passage index that is built from the stored case studies.</summary>
internal static class IndexCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return new Command("index", "Look after the passage index: rebuild, status, switch, snapshot.")
        {
            IndexRebuildCommand.Create(environment), IndexStatusCommand.Create(environment), IndexSwitchCommand.Create(environment), IndexSnapshotCommand.Create(environment),
        };
    }

    internal static QdrantIndex QdrantOnly(CommandContext context) => context.Services.GetService<QdrantIndex>()
        ?? throw new BadInputException("This needs the Qdrant store, and the embedded one is configured. Set Store to Qdrant (COOPAI_Store=Qdrant) and Qdrant:Address to the server.");

    internal static string Name(QdrantCollectionRole role) => role switch
    {
        QdrantCollectionRole.Searched => "searched",
        QdrantCollectionRole.KeptFromBefore => "kept from before",
        QdrantCollectionRole.Ready => "finished, not used",
        _ => "unfinished rebuild",
    };
}
