using System.Globalization;
using CoopAI.Core.Retrieval;
using Qdrant.Client.Grpc;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Looks at what stands behind the alias before anything is read from it or written to it.</summary>
internal sealed class QdrantGate(QdrantConnection connection)
{
    /// <summary>The oldest version that the contract is run against.</summary>
    public static readonly Version Oldest = new(1, 15);

    /// <summary>The first version whose interface may differ.</summary>
    public static readonly Version Beyond = new(2, 0);

    private string Alias => connection.Options.Alias;

    private Uri Address => connection.Options.Address;

    /// <summary>The server's version, when it is Qdrant and supported.</summary>
    /// <exception cref="PassageStoreUnavailableException">It is not.</exception>
    public async Task<Version> CheckServerAsync(CancellationToken ct)
    {
        var answer = await connection.ReadAsync("version", o => connection.Server.HealthCheckAsync(new HealthCheckRequest(), o), ct).ConfigureAwait(false);
        if (answer?.Version is not { Length: > 0 } text || !answer.Title.Contains("qdrant", StringComparison.OrdinalIgnoreCase))
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
            return await GetAsync(Alias, ct).ConfigureAwait(false) is null
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
        (await connection.ReadAsync("list aliases", o => connection.Collections.ListAliasesAsync(new ListAliasesRequest(), o), ct).ConfigureAwait(false))?.Aliases
            .ToDictionary(a => a.AliasName, a => a.CollectionName, StringComparer.Ordinal) ?? [];

    /// <summary>The mark of a collection; null: there is no such collection.</summary>
    /// <exception cref="PassageStoreUnavailableException">It is not ours.</exception>
    public async Task<CollectionMark?> ReadMarkAsync(string collection, CancellationToken ct)
    {
        if (await LookAsync(collection, ct).ConfigureAwait(false) is not { } seen) return null;
        return seen switch
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
            var create = QdrantMessages.Create(name, mark.Dimension, connection.Options);
            await connection.WriteAsync("create a collection", o => connection.Collections.CreateAsync(create, o), ct).ConfigureAwait(false);
        }
        catch (PassageStoreUnavailableException e) when (e.Fault == PassageStoreFault.Refused)
        {
            // The first attempt may have made it although its answer was lost: then it is there, empty and with these vectors.
            if (await GetAsync(name, ct).ConfigureAwait(false) is not { Config.Params: { } made } || CollectionMark.WrongVectors(made) is not null) throw;
        }

        await MarkAsync(name, mark, ct).ConfigureAwait(false);
        await IndexAsync(name, ct).ConfigureAwait(false);
        return name;
    }

    /// <summary>Makes the payload indexes; those that exist stay as they are.</summary>
    public async Task IndexAsync(string collection, CancellationToken ct)
    {
        foreach (var (field, type) in QdrantPayload.Indexes)
        {
            var index = QdrantMessages.Index(collection, field, type);
            await connection.WriteAsync($"index '{field}'", o => connection.Points.CreateFieldIndexAsync(index, o), ct).ConfigureAwait(false);
        }
    }

    /// <summary>Says in the collection whose it is and whether it is finished.</summary>
    public async Task MarkAsync(string collection, CollectionMark mark, CancellationToken ct)
    {
        var upsert = QdrantMessages.Mark(collection, mark);
        await connection.WriteAsync("mark the collection", o => connection.Points.UpsertAsync(upsert, o), ct).ConfigureAwait(false);
    }

    /// <summary>The mark of a collection, or why it is not ours; null: there is no such collection.</summary>
    public async Task<(CollectionMark? Mark, string? Foreign)?> LookAsync(string collection, CancellationToken ct)
    {
        if (await GetAsync(collection, ct).ConfigureAwait(false) is not { } info) return null;
        var points = await connection.ReadAsync("mark of the collection", o => connection.Points.GetAsync(QdrantMessages.GetMark(collection), o), ct).ConfigureAwait(false);
        return CollectionMark.Read(info, points?.Result.FirstOrDefault());
    }

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct) =>
        [.. (await connection.ReadAsync("list collections", o => connection.Collections.ListAsync(new ListCollectionsRequest(), o), ct).ConfigureAwait(false))?.Collections.Select(c => c.Name) ?? []];

    public async Task DeleteAsync(string collection, CancellationToken ct) =>
        await connection.WriteAsync("delete a collection", o => connection.Collections.DeleteAsync(new DeleteCollection { CollectionName = collection }, o), ct).ConfigureAwait(false);

    public async Task MoveAliasesAsync(IReadOnlyList<(string Alias, string? To, bool Exists)> moves, CancellationToken ct)
    {
        var change = QdrantMessages.MoveAliases(moves);
        await connection.WriteAsync("move the alias", o => connection.Collections.UpdateAliasesAsync(change, o), ct).ConfigureAwait(false);
    }

    public async Task<long> CountAsync(CountPoints count, CancellationToken ct) =>
        (long)((await connection.ReadAsync("count", o => connection.Points.CountAsync(count, o), ct).ConfigureAwait(false))?.Result.Count ?? 0);

    private async Task<CollectionInfo?> GetAsync(string name, CancellationToken ct) =>
        (await connection.ReadAsync("describe a collection", o => connection.Collections.GetAsync(new GetCollectionInfoRequest { CollectionName = name }, o), ct).ConfigureAwait(false))?.Result;

    private async Task<string> FreeNameAsync(CancellationToken ct)
    {
        var taken = (await ListAsync(ct).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Alias}-{connection.Time.GetUtcNow():yyyyMMdd'T'HHmmss}");
        return Enumerable.Range(1, taken.Count + 1).Select(i => i == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{i}")).First(n => !taken.Contains(n));
    }
}

/// <summary>What a collection of ours says of itself, in one point that no search shows: collections have metadata of their own from Qdrant 1.16 only.</summary>
/// <param name="ModelId">Encoder of the embeddings.</param>
/// <param name="Ready">False while it is being built: it is not searched, and may be resumed or discarded.</param>
internal sealed record CollectionMark(string ModelId, int Dimension, bool Ready)
{
    /// <summary>The mark, or null and why this collection is not ours.</summary>
    public static (CollectionMark? Mark, string? Foreign) Read(CollectionInfo info, RetrievedPoint? point)
    {
        if (Text("product") is not { } product) return (null, "it carries no mark of this product");
        if (product != QdrantPayload.Product) return (null, $"it belongs to '{product}'");
        if (Number("schema") != QdrantPayload.Schema) return (null, $"its layout has version {Number("schema")?.ToString(CultureInfo.InvariantCulture) ?? "none"}; this program knows {QdrantPayload.Schema}");
        if (Text("model") is not { } model) return (null, "its mark names no model");
        return WrongVectors(info.Config.Params) is { } wrong
            ? (null, wrong)
            : (new CollectionMark(model, (int)info.Config.Params.VectorsConfig.ParamsMap.Map[QdrantPayload.DenseVector].Size, Text("state") == "ready"), null);

        string? Text(string name) => point?.Payload.GetValueOrDefault(name) is { HasStringValue: true } value ? value.StringValue : null;
        long? Number(string name) => point?.Payload.GetValueOrDefault(name) is { HasIntegerValue: true } value ? value.IntegerValue : null;
    }

    /// <summary>Why a collection cannot hold our vectors; null: it can.</summary>
    public static string? WrongVectors(CollectionParams of)
    {
        if (of.VectorsConfig?.ParamsMap?.Map.GetValueOrDefault(QdrantPayload.DenseVector) is not { } dense) return $"it has no vector named '{QdrantPayload.DenseVector}'";
        if (dense.Distance != Distance.Dot) return $"its vector '{QdrantPayload.DenseVector}' is not compared by dot product";
        return of.SparseVectorsConfig?.Map.ContainsKey(QdrantPayload.LexicalVector) == true ? null : $"it has no sparse vector named '{QdrantPayload.LexicalVector}'";
    }
}
