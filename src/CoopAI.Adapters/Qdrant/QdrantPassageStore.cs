using System.Globalization;
using CoopAI.Core.Retrieval;
using Qdrant.Client.Grpc;

namespace CoopAI.Adapters.Qdrant;

/// <summary>The passage index in Qdrant. Case studies, texts and the ledger stay in the database; points hold vectors and what filters name.</summary>
/// <remarks>
/// Searches are exact and scores are dot products of vectors that Core made, so this store ranks as the embedded one does, up to
/// rounding. One search is one request, except that the first one after a start or a fault looks at the collection first, and that a tie
/// which reaches past what was fetched is fetched whole. Writes follow the alias: when it moved meanwhile, they are written again behind it.
/// </remarks>
/// <param name="modelId">The running encoder. A collection of another one is refused.</param>
/// <param name="dimension">Floats in one of its embeddings.</param>
public sealed class QdrantPassageStore(QdrantConnection connection, string modelId, int dimension) : IPassageStore
{
    /// <summary>Values that one facet may list.</summary>
    public const int MaxFacetValues = 1000;

    /// <summary>Fetched beyond the wanted number, so that most ties at the border need no second request.</summary>
    private const int TieRoom = 16;

    private readonly QdrantGate _gate = new(connection);
    private volatile bool _checked;

    /// <inheritdoc/>
    public string Name => "qdrant";

    /// <inheritdoc/>
    public bool IsDurable => true;

    /// <inheritdoc/>
    /// <exception cref="PassageStoreUnavailableException">The server cannot be used, or the collection is not ours. Another model or dimension is reported, not refused.</exception>
    public async ValueTask<PassageStoreStatus> GetStatusAsync(CancellationToken ct)
    {
        if (await _gate.FindAsync(ct).ConfigureAwait(false) is not var (collection, mark)) return new(Name, null, null, 0, 0);
        return new(
            Name, mark.ModelId, mark.Dimension,
            await _gate.CountAsync(QdrantMessages.Count(collection, caseStudies: true), ct).ConfigureAwait(false),
            await _gate.CountAsync(QdrantMessages.Count(collection, caseStudies: false), ct).ConfigureAwait(false));
    }

    /// <summary>Whether a search could be answered now; for health checks. One to three requests.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public async Task<PassageStoreUnavailableException?> FindFaultAsync(CancellationToken ct)
    {
        try
        {
            await _gate.FindFittingAsync(modelId, dimension, ct).ConfigureAwait(false);
            return null;
        }
        catch (PassageStoreUnavailableException e)
        {
            return e;
        }
    }

    /// <inheritdoc/>
    public async Task UpsertAsync(IReadOnlyList<StoredCaseStudy> caseStudies, CancellationToken ct)
    {
        var items = StoredCaseStudies.Check(caseStudies, dimension);
        if (items.Count == 0) return;
        await WriteAsync(createMissing: true, collection => QdrantBatch.WriteAsync(
            connection, collection,
            QdrantBatch.PartsAsync(items.ToAsyncEnumerable(), modelId, connection.Options, (item, generation) => IsWrittenAsync(_gate, collection, item, generation, ct)),
            progress: null, ct), ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(IReadOnlyCollection<string> slugs, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(slugs);
        if (slugs.Count == 0) return;
        await WriteAsync(createMissing: false, async collection =>
        {
            foreach (var some in slugs.Distinct(StringComparer.Ordinal).Chunk(1000))
            {
                var delete = QdrantMessages.DeleteCaseStudies(collection, some);
                await connection.WriteAsync("delete case studies", o => connection.Points.DeleteAsync(delete, o), ct).ConfigureAwait(false);
            }
        }, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="PassageStoreUnavailableException">The server or the collection cannot be used.</exception>
    public async Task<HybridHits> SearchAsync(HybridQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Top, 1, nameof(query));
        if (!query.Embedding.IsEmpty && query.Embedding.Length != dimension)
            throw new ArgumentException($"The question has {query.Embedding.Length} dimensions; the store has {dimension}.", nameof(query));
        if (query.Embedding.IsEmpty && query.Lexical.Terms.Count == 0) return new([], []);

        for (var limit = query.Top + TieRoom; ; limit = limit < int.MaxValue / 4 ? limit * 4 : int.MaxValue)
        {
            if (await RankAsync(query, limit, ct).ConfigureAwait(false) is not { } rankings) return new([], []);
            if (rankings.Any(r => TieIsCut(r, query.Top, limit))) continue;
            var next = 0;
            var dense = query.Embedding.IsEmpty ? [] : InOrder(rankings[next++], query.Top);
            return new(dense, query.Lexical.Terms.Count == 0 ? [] : [.. InOrder(rankings[next], query.Top).Where(h => h.Score > 0)]);
        }
    }

    /// <summary>How many case studies bear each principle, council, kind, topic and year, among those that pass the filter.</summary>
    /// <returns>For each field its values, most frequent first, ties in ordinal order; at most <paramref name="limit"/>. Case studies without a passage are not counted.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<(string Value, long Count)>>> CountFacetsAsync(SearchFilter filter, int limit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxFacetValues);
        var facets = new SortedDictionary<string, IReadOnlyList<(string, long)>>(StringComparer.Ordinal);
        var collection = await _gate.FindFittingAsync(modelId, dimension, ct).ConfigureAwait(false);
        foreach (var field in new[] { QdrantPayload.Principles, QdrantPayload.Councils, QdrantPayload.Kind, QdrantPayload.Topics, QdrantPayload.Year })
        {
            var answer = collection is null ? null : await connection.ReadAsync(
                "count facets", o => connection.Points.FacetAsync(QdrantMessages.Facet(collection, field, filter, MaxFacetValues), o), ct).ConfigureAwait(false);
            facets[field] = [.. (answer?.Hits ?? []).Select(h => (Value: TextOf(h.Value), Count: (long)h.Count))
                .OrderByDescending(h => h.Count).ThenBy(h => h.Value, StringComparer.Ordinal).Take(limit)];
        }

        return facets;
    }

    internal static async Task<bool> IsWrittenAsync(QdrantGate gate, string collection, StoredCaseStudy item, string generation, CancellationToken ct) =>
        await gate.CountAsync(QdrantMessages.CountGeneration(collection, item.CaseStudy.Slug, generation), ct).ConfigureAwait(false) == item.Passages.Count;

    private static string TextOf(FacetValue value) => value.HasIntegerValue ? value.IntegerValue.ToString(CultureInfo.InvariantCulture) : value.StringValue;

    private async Task WriteAsync(bool createMissing, Func<string, Task> write, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var collection = await _gate.FindFittingAsync(modelId, dimension, ct).ConfigureAwait(false);
            if (collection is null && !createMissing) return;
            collection ??= await CreateAsync(ct).ConfigureAwait(false);
            await write(collection).ConfigureAwait(false);
            // A rebuild that finished meanwhile has moved the alias: what was written lies behind it and would not be found.
            if (await _gate.ResolveAsync(ct).ConfigureAwait(false) == collection) return;
        }

        throw new PassageStoreUnavailableException(
            PassageStoreFault.Away, $"The alias '{connection.Options.Alias}' was moved again and again while case studies were written. Try again when the rebuild is done.", connection.Options.MaxRetryDelay);
    }

    private async Task<string> CreateAsync(CancellationToken ct)
    {
        var collection = await _gate.CreateAsync(new(modelId, dimension, Ready: true), ct).ConfigureAwait(false);
        await _gate.MoveAliasesAsync([(connection.Options.Alias, collection, false)], ct).ConfigureAwait(false);
        return collection;
    }

    /// <summary>The rankings asked for, or null: there is no collection.</summary>
    private async Task<IReadOnlyList<BatchResult>?> RankAsync(HybridQuery query, int limit, CancellationToken ct)
    {
        var request = QdrantMessages.Search(connection.Options.Alias, query, limit);
        for (var attempt = 0; ; attempt++)
        {
            if (!_checked)
            {
                if (await _gate.FindFittingAsync(modelId, dimension, ct).ConfigureAwait(false) is null) return null;
                _checked = true;
            }

            try
            {
                var answer = await connection.ReadAsync("search", o => connection.Points.QueryBatchAsync(request, o), ct).ConfigureAwait(false);
                if (answer is not null)
                {
                    Require(answer.Result, query);
                    return answer.Result;
                }

                _checked = false;
            }
            catch (PassageStoreUnavailableException e)
            {
                // Another server, another collection or another dimension may stand there when it comes back.
                _checked = false;
                if (e.Fault == PassageStoreFault.Away || attempt > 0) throw;
            }

            if (attempt > 0) return null;
        }
    }

    private void Require(IReadOnlyList<BatchResult> rankings, HybridQuery query)
    {
        var wanted = (query.Embedding.IsEmpty ? 0 : 1) + (query.Lexical.Terms.Count == 0 ? 0 : 1);
        if (rankings.Count != wanted)
        {
            throw new PassageStoreUnavailableException(
                PassageStoreFault.Away, string.Create(CultureInfo.InvariantCulture, $"Qdrant answered {rankings.Count} rankings for {wanted}."), connection.Options.MaxRetryDelay);
        }

        foreach (var point in rankings.SelectMany(r => r.Result))
        {
            if (Text(point, "product") != QdrantPayload.Product || Text(point, QdrantPayload.Slug) is null || Text(point, QdrantPayload.PassageId) is null)
            {
                throw new PassageStoreUnavailableException(
                    PassageStoreFault.ForeignCollection,
                    $"Behind the alias '{connection.Options.Alias}' lie points that this program did not write. Nothing was changed. Choose another Qdrant:Alias.");
            }
        }
    }

    private static string? Text(ScoredPoint point, string field) => point.Payload.TryGetValue(field, out var value) && value.HasStringValue ? value.StringValue : null;

    private static bool TieIsCut(BatchResult ranking, int top, int limit) =>
        ranking.Result.Count >= limit && ranking.Result.Select(p => p.Score).OrderDescending().ElementAt(top - 1) == ranking.Result.Min(p => p.Score);

    // The server's own order, also among equal scores, is not relied on.
    private static IReadOnlyList<ScoredPassage> InOrder(BatchResult ranking, int top) =>
        [.. ranking.Result
            .Select(p => new ScoredPassage(Text(p, QdrantPayload.PassageId)!, Text(p, QdrantPayload.Slug)!, p.Score))
            .OrderByDescending(p => p.Score).ThenBy(p => p.PassageId, StringComparer.Ordinal)
            .DistinctBy(p => p.PassageId, StringComparer.Ordinal)
            .Take(top)];
}
