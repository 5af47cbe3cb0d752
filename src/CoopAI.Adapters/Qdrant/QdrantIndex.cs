using CoopAI.Core;
using CoopAI.Core.Retrieval;
using Qdrant.Client.Grpc;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Looks after the collections behind the alias: rebuilds, switches, keeps the one before until confirmed, takes snapshots.</summary>
/// <param name="modelId">The running encoder.</param>
/// <param name="dimension">Floats in one of its embeddings.</param>
public sealed class QdrantIndex(QdrantConnection connection, string modelId, int dimension)
{
    private readonly QdrantGate _gate = new(connection);

    private string Alias => connection.Options.Alias;

    /// <summary>Names the collection that was searched before the last switch.</summary>
    private string PreviousAlias => $"{Alias}-previous";

    /// <summary>What lies on the server. Collections of others are not looked into.</summary>
    public async Task<QdrantIndexStatus> GetStatusAsync(CancellationToken ct)
    {
        var version = await _gate.CheckServerAsync(ct).ConfigureAwait(false);
        var aliases = await _gate.AliasesAsync(ct).ConfigureAwait(false);
        var found = new List<QdrantCollectionStatus>();
        foreach (var (name, mark) in await OursAsync(ct).ConfigureAwait(false))
        {
            found.Add(new(
                name,
                name == aliases.GetValueOrDefault(Alias) ? QdrantCollectionRole.Searched
                    : name == aliases.GetValueOrDefault(PreviousAlias) ? QdrantCollectionRole.KeptFromBefore
                    : mark.Ready ? QdrantCollectionRole.Ready : QdrantCollectionRole.Unfinished,
                mark.ModelId,
                mark.Dimension,
                await CountAsync(name, caseStudies: true, ct).ConfigureAwait(false),
                await CountAsync(name, caseStudies: false, ct).ConfigureAwait(false)));
        }

        return new(version.ToString(), Alias, found);
    }

    /// <summary>Builds the whole index in a new collection while searches go on in the old one, checks its count and then, unless told otherwise, moves the alias.</summary>
    /// <param name="caseStudies">All of them, read once.</param>
    /// <param name="resume">Goes on with an unfinished rebuild of this encoder; what it holds already is not sent again. False: unfinished ones are deleted first.</param>
    /// <param name="moveAlias">False: the new collection waits for <see cref="SwitchAsync"/>.</param>
    /// <param name="progress">Passages written so far.</param>
    /// <exception cref="ArgumentException">A case study is wrong in itself (see <see cref="StoredCaseStudies"/>) or given twice. The alias was not moved; the next rebuild resumes.</exception>
    /// <exception cref="PassageStoreUnavailableException">As above.</exception>
    public async Task<QdrantRebuild> RebuildAsync(IAsyncEnumerable<StoredCaseStudy> caseStudies, bool resume, bool moveAlias, IProgress<long>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        await _gate.FindAsync(ct).ConfigureAwait(false);
        var unfinished = await UnfinishedAsync(ct).ConfigureAwait(false);
        var wanted = new CollectionMark(modelId, dimension, Ready: false);
        var collection = resume ? unfinished.LastOrDefault(u => u.Mark == wanted).Name : null;
        var resumed = collection is not null;
        foreach (var (name, _) in unfinished.Where(u => u.Name != collection))
            await _gate.DeleteAsync(name, ct).ConfigureAwait(false);

        // A rebuild may have stopped before the last payload index was made.
        if (collection is not null) await _gate.IndexAsync(collection, ct).ConfigureAwait(false);
        else collection = await _gate.CreateAsync(wanted, ct).ConfigureAwait(false);
        var present = resumed ? await ReadGenerationsAsync(collection, ct).ConfigureAwait(false) : [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (total, kept) = (0L, 0L);
        var written = await QdrantBatch.WriteAsync(
            connection, collection,
            QdrantBatch.PartsAsync(MissingAsync(), modelId, connection.Options, (item, generation) => QdrantPassageStore.IsWrittenAsync(_gate, collection, item, generation, ct)),
            progress, ct).ConfigureAwait(false);

        foreach (var gone in present.Keys.Where(slug => !seen.Contains(slug)).Order(StringComparer.Ordinal).Chunk(1000))
        {
            var delete = QdrantMessages.DeleteCaseStudies(collection, gone);
            await connection.WriteAsync("delete case studies", o => connection.Points.DeleteAsync(delete, o), ct).ConfigureAwait(false);
        }

        var count = await CountAsync(collection, caseStudies: false, ct).ConfigureAwait(false);
        if (count != total)
        {
            throw new PassageStoreUnavailableException(
                PassageStoreFault.Away, $"The new collection '{collection}' holds {count} passages instead of {total}; the alias was not moved. Run the rebuild again.", connection.Options.MaxRetryDelay);
        }

        await _gate.MarkAsync(collection, wanted with { Ready = true }, ct).ConfigureAwait(false);
        var previous = moveAlias ? await SwitchAsync(collection, ct).ConfigureAwait(false) : null;
        return new(collection, previous, resumed, seen.Count, written, kept);

        async IAsyncEnumerable<StoredCaseStudy> MissingAsync()
        {
            await foreach (var item in caseStudies.WithCancellation(ct).ConfigureAwait(false))
            {
                StoredCaseStudies.Check(item, dimension);
                if (!seen.Add(item.CaseStudy.Slug)) throw new ArgumentException($"The case study '{item.CaseStudy.Slug}' is given twice.", nameof(caseStudies));
                total += item.Passages.Count;
                if (present.TryGetValue(item.CaseStudy.Slug, out var generation) && generation == QdrantPayload.GenerationOf(item, modelId)) kept += item.Passages.Count;
                else yield return item;
            }
        }
    }

    /// <summary>Moves the alias in one step and keeps the collection that it named before.</summary>
    /// <param name="collection">A finished collection of ours, or null: the one kept from before.</param>
    /// <returns>The collection that was searched until now; null: none was.</returns>
    /// <exception cref="BadInputException">There is no such collection, or it is not finished.</exception>
    public async Task<string?> SwitchAsync(string? collection, CancellationToken ct)
    {
        await _gate.CheckServerAsync(ct).ConfigureAwait(false);
        var aliases = await _gate.AliasesAsync(ct).ConfigureAwait(false);
        var (now, before) = (aliases.GetValueOrDefault(Alias), aliases.GetValueOrDefault(PreviousAlias));
        var target = collection ?? before ?? throw new BadInputException("No collection is kept from before. Name one: coopai index status lists them.");
        if (!IsNameOfOurs(target) || await _gate.ReadMarkAsync(target, ct).ConfigureAwait(false) is not { } mark)
            throw new BadInputException($"There is no collection '{target}'. coopai index status lists them.");
        if (!mark.Ready) throw new BadInputException($"The collection '{target}' is unfinished. coopai index rebuild goes on with it.");
        if (now == target) return now;

        var moves = new List<(string, string?, bool)> { (Alias, target, now is not null) };
        if (now is not null) moves.Add((PreviousAlias, now, before is not null));
        await _gate.MoveAliasesAsync(moves, ct).ConfigureAwait(false);
        return now;
    }

    /// <summary>Says that the searched collection is good: the one kept from before is deleted, and finished ones that nobody uses.</summary>
    /// <returns>Names of the deleted collections.</returns>
    public async Task<IReadOnlyList<string>> ConfirmAsync(CancellationToken ct)
    {
        await _gate.CheckServerAsync(ct).ConfigureAwait(false);
        var aliases = await _gate.AliasesAsync(ct).ConfigureAwait(false);
        if (aliases.GetValueOrDefault(Alias) is not { } now) return [];
        if (aliases.ContainsKey(PreviousAlias))
            await _gate.MoveAliasesAsync([(PreviousAlias, null, true)], ct).ConfigureAwait(false);
        var deleted = new List<string>();
        foreach (var (name, _) in (await OursAsync(ct).ConfigureAwait(false)).Where(c => c.Mark.Ready && c.Name != now))
        {
            await _gate.DeleteAsync(name, ct).ConfigureAwait(false);
            deleted.Add(name);
        }

        return deleted;
    }

    /// <summary>Deletes what unfinished rebuilds left behind.</summary>
    /// <returns>Names of the deleted collections.</returns>
    public async Task<IReadOnlyList<string>> DiscardUnfinishedAsync(CancellationToken ct)
    {
        await _gate.CheckServerAsync(ct).ConfigureAwait(false);
        var unfinished = await UnfinishedAsync(ct).ConfigureAwait(false);
        foreach (var (name, _) in unfinished) await _gate.DeleteAsync(name, ct).ConfigureAwait(false);
        return [.. unfinished.Select(u => u.Name)];
    }

    /// <summary>Makes a snapshot of the searched collection on the server.</summary>
    /// <param name="copyTo">Where to copy the snapshot file; null: it stays on the server only.</param>
    /// <exception cref="BadInputException">There is no index yet.</exception>
    public async Task<QdrantSnapshotFile> SnapshotAsync(Stream? copyTo, CancellationToken ct)
    {
        if (await _gate.FindAsync(ct).ConfigureAwait(false) is not var (collection, _))
            throw new BadInputException("There is no index to make a snapshot of. Build it: coopai index rebuild.");
        // Not repeated: each time makes a file.
        var made = await connection.WriteOnceAsync("make a snapshot", o => connection.Snapshots.CreateAsync(new CreateSnapshotRequest { CollectionName = collection }, o), ct).ConfigureAwait(false)
            ?? throw new BadInputException($"The collection '{collection}' was deleted meanwhile.");
        var file = Describe(collection, made.SnapshotDescription);
        if (copyTo is not null) await connection.DownloadAsync(collection, file.Name, copyTo, ct).ConfigureAwait(false);
        return file;
    }

    /// <summary>Snapshots of the searched collection that lie on the server.</summary>
    public async Task<IReadOnlyList<QdrantSnapshotFile>> ListSnapshotsAsync(CancellationToken ct)
    {
        if (await _gate.FindAsync(ct).ConfigureAwait(false) is not var (collection, _)) return [];
        var found = await connection.ReadAsync("list snapshots", o => connection.Snapshots.ListAsync(new ListSnapshotsRequest { CollectionName = collection }, o), ct).ConfigureAwait(false);
        return [.. (found?.SnapshotDescriptions ?? []).Select(s => Describe(collection, s)).OrderBy(s => s.Name, StringComparer.Ordinal)];
    }

    private static QdrantSnapshotFile Describe(string collection, SnapshotDescription snapshot) => new(collection, snapshot.Name, snapshot.Size, snapshot.HasChecksum ? snapshot.Checksum : null);

    // Names are only a first sieve; what is deleted must carry our mark as well.
    private async Task<IReadOnlyList<(string Name, CollectionMark Mark)>> OursAsync(CancellationToken ct)
    {
        var ours = new List<(string, CollectionMark)>();
        foreach (var name in (await _gate.ListAsync(ct).ConfigureAwait(false)).Where(IsNameOfOurs).Order(StringComparer.Ordinal))
        {
            if (await _gate.LookAsync(name, ct).ConfigureAwait(false) is { Mark: { } mark })
                ours.Add((name, mark));
        }

        return ours;
    }

    private async Task<IReadOnlyList<(string Name, CollectionMark Mark)>> UnfinishedAsync(CancellationToken ct) =>
        [.. (await OursAsync(ct).ConfigureAwait(false)).Where(c => !c.Mark.Ready)];

    /// <summary>"{alias}-20260131T120000", with a number when two were made in one second: another alias that begins alike is not taken for ours.</summary>
    private bool IsNameOfOurs(string name) =>
        name.StartsWith($"{Alias}-", StringComparison.Ordinal)
        && name.AsSpan(Alias.Length + 1) is var rest
        && rest.Length >= 15 && rest[8] == 'T'
        && !rest[..8].ContainsAnyExceptInRange('0', '9') && !rest[9..15].ContainsAnyExceptInRange('0', '9')
        && (rest.Length == 15 || (rest[15] == '-' && !rest[16..].ContainsAnyExceptInRange('0', '9')));

    private Task<long> CountAsync(string collection, bool caseStudies, CancellationToken ct) => _gate.CountAsync(QdrantMessages.Count(collection, caseStudies), ct);

    private async Task<Dictionary<string, string>> ReadGenerationsAsync(string collection, CancellationToken ct)
    {
        var generations = new Dictionary<string, string>(StringComparer.Ordinal);
        PointId? after = null;
        do
        {
            var scroll = QdrantMessages.ListCaseStudies(collection, after, limit: 1000);
            var page = await connection.ReadAsync("list case studies", o => connection.Points.ScrollAsync(scroll, o), ct).ConfigureAwait(false);
            foreach (var payload in page?.Result.Select(p => p.Payload) ?? [])
            {
                if (payload.TryGetValue(QdrantPayload.Slug, out var slug) && payload.TryGetValue(QdrantPayload.Generation, out var generation))
                    generations[slug.StringValue] = generation.StringValue;
            }

            after = page?.NextPageOffset;
        }
        while (after is not null);
        return generations;
    }
}

/// <param name="Version">Of the server.</param>
/// <param name="Collections">Those of this program behind this alias, in ordinal order of their names.</param>
public sealed record QdrantIndexStatus(string Version, string Alias, IReadOnlyList<QdrantCollectionStatus> Collections);

public sealed record QdrantCollectionStatus(string Name, QdrantCollectionRole Role, string ModelId, int Dimension, long CaseStudies, long Passages);

/// <summary>What a collection is there for.</summary>
public enum QdrantCollectionRole
{
    /// <summary>The alias names it.</summary>
    Searched,

    /// <summary>Searched before the last switch; kept until the switch is confirmed.</summary>
    KeptFromBefore,

    /// <summary>Finished and not used.</summary>
    Ready,

    /// <summary>A rebuild stopped half-way: it can be resumed or discarded.</summary>
    Unfinished,
}

/// <param name="Previous">The collection that was searched until now; it is kept. Null: none, or the alias was not moved.</param>
/// <param name="Resumed">An unfinished rebuild was gone on with.</param>
/// <param name="Written">Passages sent.</param>
/// <param name="Kept">Passages that an earlier, unfinished rebuild had written already.</param>
public sealed record QdrantRebuild(string Collection, string? Previous, bool Resumed, int CaseStudies, long Written, long Kept);

/// <param name="Size">Bytes.</param>
/// <param name="Checksum">SHA-256 (hex), or null: the server gave none.</param>
public sealed record QdrantSnapshotFile(string Collection, string Name, long Size, string? Checksum);
