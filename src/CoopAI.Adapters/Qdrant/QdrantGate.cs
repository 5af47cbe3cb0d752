using System.Globalization;
using CoopAI.Core.Retrieval;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Looks at what stands behind the alias before anything is read from it or written to it.</summary>
internal sealed class QdrantGate(QdrantConnection connection)
{
    /// <summary>Collections carry metadata, where our mark lies, from this version on.</summary>
    public static readonly Version Oldest = new(1, 16);

    /// <summary>The first version whose interface may differ.</summary>
    public static readonly Version Beyond = new(2, 0);

    private string Alias => connection.Options.Alias;

    private Uri Address => connection.Options.Address;

    /// <summary>The server's version, when it is Qdrant and supported.</summary>
    /// <exception cref="PassageStoreUnavailableException">It is not.</exception>
    public async Task<Version> CheckServerAsync(CancellationToken ct)
    {
        QdrantVersion? answer;
        try
        {
            answer = await connection.SendAsync(QdrantRequests.Version(), ct).ConfigureAwait(false);
        }
        catch (PassageStoreUnavailableException e) when (e.Message.Contains("broken answer", StringComparison.Ordinal))
        {
            throw new PassageStoreUnavailableException(PassageStoreFault.UnsupportedServer, $"What answers at {Address} is not Qdrant. Check Qdrant:Address.", null, e);
        }

        if (answer?.Version is not { } text || answer.Title?.Contains("qdrant", StringComparison.OrdinalIgnoreCase) != true)
            throw new PassageStoreUnavailableException(PassageStoreFault.UnsupportedServer, $"What answers at {Address} is not Qdrant. Check Qdrant:Address.");
        var number = text.Split('-', '+')[0];
        return Version.TryParse(number, out var version) && version >= Oldest && version < Beyond
            ? version
            : throw new PassageStoreUnavailableException(
                PassageStoreFault.UnsupportedServer,
                string.Create(CultureInfo.InvariantCulture, $"Qdrant at {Address} is version {text}; supported are {Oldest} and later, below {Beyond}. Install a supported version."));
    }

    /// <summary>The collection behind the alias with its mark, or null: there is no alias yet.</summary>
    /// <exception cref="PassageStoreUnavailableException">The server is not supported, or the collection is not ours.</exception>
    public async Task<(string Collection, CollectionMark Mark)?> FindAsync(CancellationToken ct)
    {
        await CheckServerAsync(ct).ConfigureAwait(false);
        if (await ResolveAsync(ct).ConfigureAwait(false) is not { } collection)
        {
            return await connection.SendAsync(QdrantRequests.GetCollection(Alias), ct).ConfigureAwait(false) is null
                ? null
                : throw new PassageStoreUnavailableException(
                    PassageStoreFault.ForeignCollection,
                    $"Qdrant at {Address} has a collection named '{Alias}' where this program needs an alias. It was left alone. Choose another Qdrant:Alias.");
        }

        return await ReadMarkAsync(collection, ct).ConfigureAwait(false) is { } mark ? (collection, mark) : null;
    }

    /// <summary>As <see cref="FindAsync"/>, and it fits this encoder.</summary>
    public async Task<string?> FindFittingAsync(string modelId, int dimension, CancellationToken ct)
    {
        if (await FindAsync(ct).ConfigureAwait(false) is not var (collection, mark)) return null;
        if (mark.Dimension != dimension)
        {
            throw new PassageStoreUnavailableException(
                PassageStoreFault.OtherDimension,
                $"The collection '{collection}' holds embeddings of {mark.Dimension} dimensions; the encoder '{modelId}' makes {dimension}. Rebuild the index (coopai index rebuild), or set the encoder back to '{mark.ModelId}'.");
        }

        return mark.ModelId == modelId
            ? collection
            : throw new PassageStoreUnavailableException(
                PassageStoreFault.OtherModel,
                $"The collection '{collection}' was built with the encoder '{mark.ModelId}'; this program runs '{modelId}'. Rebuild the index (coopai index rebuild), or set the encoder back.");
    }

    /// <summary>What the alias names now, unchecked; null: nothing.</summary>
    public async Task<string?> ResolveAsync(CancellationToken ct) =>
        (await AliasesAsync(ct).ConfigureAwait(false)).GetValueOrDefault(Alias);

    public async Task<IReadOnlyDictionary<string, string>> AliasesAsync(CancellationToken ct) =>
        (await connection.SendAsync(QdrantRequests.ListAliases(), ct).ConfigureAwait(false))?.Aliases
            .ToDictionary(a => a.AliasName, a => a.CollectionName, StringComparer.Ordinal) ?? [];

    /// <summary>The mark of a collection; null: there is no such collection.</summary>
    /// <exception cref="PassageStoreUnavailableException">It is not ours.</exception>
    public async Task<CollectionMark?> ReadMarkAsync(string collection, CancellationToken ct)
    {
        if (await connection.SendAsync(QdrantRequests.GetCollection(collection), ct).ConfigureAwait(false) is not { } info) return null;
        return CollectionMark.Read(info) switch
        {
            ({ } mark, _) => mark,
            (_, var foreign) => throw new PassageStoreUnavailableException(
                PassageStoreFault.ForeignCollection,
                $"The collection '{collection}' on Qdrant at {Address} is not an index of this program: {foreign}. It was left alone. Choose another Qdrant:Alias, or remove the alias '{Alias}' if it is yours."),
        };
    }

    /// <summary>Makes an empty collection with all its payload indexes.</summary>
    public async Task<string> CreateAsync(CollectionMark mark, CancellationToken ct)
    {
        var name = await FreeNameAsync(ct).ConfigureAwait(false);
        try
        {
            await connection.SendAsync(QdrantRequests.CreateCollection(name, mark, connection.Options), ct).ConfigureAwait(false);
        }
        catch (PassageStoreUnavailableException e) when (e.Fault == PassageStoreFault.Refused)
        {
            // The first attempt may have made it although its answer was lost: then it is there, with this very mark.
            if (await connection.SendAsync(QdrantRequests.GetCollection(name), ct).ConfigureAwait(false) is not { } info || CollectionMark.Read(info).Mark != mark) throw;
        }

        await IndexAsync(name, ct).ConfigureAwait(false);
        return name;
    }

    /// <summary>Makes the payload indexes; those that exist stay as they are.</summary>
    public async Task IndexAsync(string collection, CancellationToken ct)
    {
        foreach (var (field, schema) in QdrantPayload.Indexes)
            await connection.SendAsync(QdrantRequests.CreateIndex(collection, field, schema), ct).ConfigureAwait(false);
    }

    private async Task<string> FreeNameAsync(CancellationToken ct)
    {
        var taken = (await connection.SendAsync(QdrantRequests.ListCollections(), ct).ConfigureAwait(false))?.Collections.Select(c => c.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        var name = string.Create(CultureInfo.InvariantCulture, $"{Alias}-{connection.Time.GetUtcNow():yyyyMMdd'T'HHmmss}");
        return Enumerable.Range(1, taken.Count + 1).Select(i => i == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{i}")).First(n => !taken.Contains(n));
    }
}
