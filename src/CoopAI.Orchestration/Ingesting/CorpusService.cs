using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using Microsoft.Extensions.AI;

namespace CoopAI.Orchestration.Ingesting;

/// <summary>How far an ingest has come.</summary>
public sealed record IngestProgress(int Done, int Total, string Slug);

/// <param name="Added">New case studies.</param>
/// <param name="Changed">Replaced ones.</param>
/// <param name="Unchanged">Nothing was done for these.</param>
/// <param name="Removed">Pruned.</param>
public sealed record IngestReport(int Added, int Changed, int Unchanged, int Removed);

/// <summary>Keeps the record, the passage store and the index in memory in step.</summary>
/// <remarks>
/// The record is written first, one transaction a batch, and notes what the store has yet to learn; after a kill the next start
/// sends that again. A store that is away holds nothing up: its changes wait in the record and are sent when it is back.
/// The index in memory is immutable and swapped whole.
/// </remarks>
public sealed class CorpusService(
    ICaseStudyLibrary library, IPassageStore store, SearchCorpus corpus, CaseStudyIndexer indexer, EncoderIdentity encoder, TimeProvider clock)
    : IDisposable
{
    /// <summary>Case studies that are encoded and committed together: what a kill can cost.</summary>
    private const int Batch = 24;

    private readonly SemaphoreSlim _changing = new(1, 1);
    private Dictionary<string, string>? _hashes;
    private long _version = -1;
    private DateTimeOffset _tryStoreAt;
    private volatile IngestProgress? _firstLoad;

    /// <summary>Why changes are waiting for the passage store, or null: none are.</summary>
    public PassageStoreUnavailableException? StoreFault { get; private set; }

    /// <summary>Takes over what this or another process has changed since the last call; the first call loads everything.</summary>
    /// <exception cref="BadInputException">The stored vectors are of another model.</exception>
    public async Task<CorpusIndex> RefreshAsync(CancellationToken ct = default)
    {
        if (_hashes is not null && library.GetVersion() == _version && !StoreIsDue()) return corpus.Current;
        await _changing.WaitAsync(ct);
        try
        {
            var version = library.GetVersion();
            if (_hashes is not null && version == _version && !StoreIsDue()) return corpus.Current;
            CheckModel();
            var hashes = library.GetSearchedHashes();
            var known = _hashes ?? [];
            var changed = hashes.Where(h => known.GetValueOrDefault(h.Key) != h.Value).Select(h => h.Key).ToHashSet(StringComparer.Ordinal);
            var removed = known.Keys.Where(k => !hashes.ContainsKey(k)).ToList();
            var missed = library.GetPending();
            var loaded = _hashes is null ? [.. library.Load().Where(c => hashes.ContainsKey(c.CaseStudy.Slug))] : library.Load(changed);
            // A store that begins empty follows what is loaded; a durable one only gets what it may have missed.
            var toSend = store.IsDurable ? library.Load(missed.Where(hashes.ContainsKey).ToList()) : loaded;
            var gone = removed.Concat(missed.Where(m => !hashes.ContainsKey(m))).ToList();
            await TellStoreAsync(async () =>
            {
                if (toSend.Count > 0) await store.UpsertAsync([.. toSend.AsParallel().AsOrdered().Select(Stored)], ct);
                await store.DeleteAsync(gone, ct);
            }, missed);

            corpus.Change(loaded, removed);
            _hashes = hashes.ToDictionary(StringComparer.Ordinal);
            _version = version;
            return corpus.Current;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Adds or updates case studies. Unchanged ones cost a look at their hash.</summary>
    /// <remarks>An index that was never loaded stays so until <see cref="RefreshAsync"/>: a command that only ingests has no use for it.</remarks>
    /// <param name="from">File or address they were read from, kept with each.</param>
    /// <param name="prune">Also remove what is stored but not given.</param>
    public async Task<IngestReport> IngestAsync(
        IReadOnlyList<CaseStudy> caseStudies, string from, bool prune = false, IProgress<IngestProgress>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        CheckModel();
        var hashes = library.GetHashes();
        // What was altered by another hand is written again, whatever its hash says.
        var unfit = library.FindUnfit();
        var todo = caseStudies.Where(c => unfit.ContainsKey(c.Slug) || hashes.GetValueOrDefault(c.Slug) != c.ContentHash).ToList();
        var done = 0;
        var saving = Task.CompletedTask;
        try
        {
            foreach (var batch in todo.Chunk(Batch))
            {
                var indexed = await indexer.IndexAsync(batch, ct);
                await saving;
                // The disk writes while the processors encode the next ones.
                saving = Task.Run(() => SaveAsync(indexed), CancellationToken.None);
            }
        }
        finally
        {
            await saving;
        }

        var given = caseStudies.Select(c => c.Slug).ToHashSet(StringComparer.Ordinal);
        var gone = prune ? hashes.Keys.Where(k => !given.Contains(k)).Order(StringComparer.Ordinal).ToList() : [];
        if (gone.Count > 0)
        {
            library.Delete(gone);
            if (StoreFault is null && store.IsDurable) await TellStoreAsync(() => store.DeleteAsync(gone, ct), gone);
        }

        // Nothing is loaded for one ingest alone; what is loaded already follows.
        if (_hashes is not null) await RefreshAsync(ct);
        else if (!store.IsDurable) library.ClearPending(todo.Select(c => c.Slug).Concat(gone));
        var added = todo.Count(c => !hashes.ContainsKey(c.Slug));
        return new IngestReport(added, todo.Count - added, caseStudies.Count - todo.Count, gone.Count);

        async Task SaveAsync(IReadOnlyList<IndexedCaseStudy> indexed)
        {
            library.Save(indexed, encoder.ModelId, from, clock.GetUtcNow());
            if (StoreFault is null && store.IsDurable)
            {
                var searched = library.GetSearchedHashes();
                await TellStoreAsync(async () =>
                {
                    await store.UpsertAsync([.. indexed.Where(i => searched.ContainsKey(i.CaseStudy.Slug)).Select(Stored)], ct);
                    await store.DeleteAsync([.. indexed.Select(i => i.CaseStudy.Slug).Where(s => !searched.ContainsKey(s))], ct);
                }, indexed.Select(i => i.CaseStudy.Slug));
            }

            done += indexed.Count;
            progress?.Report(new IngestProgress(done, todo.Count, indexed[^1].CaseStudy.Slug));
        }
    }

    /// <summary>Case studies that another hand altered: not searched, and mended by reading them again.</summary>
    public IReadOnlyDictionary<string, string> FindUnfit() => library.FindUnfit();

    /// <summary>How far this process has come with the first load; null: it loads nothing.</summary>
    public IngestProgress? Loading => _firstLoad;

    /// <summary>How far the first load has come, whoever runs it; null: it is done.</summary>
    public IngestProgress? FirstLoad => _firstLoad ?? (library.GetFirstLoad() is { } total ? new(library.GetHashes().Count, total, "") : null);

    /// <summary>Loads the shipped case studies when nothing is stored yet, or goes on where an earlier first load was interrupted.</summary>
    /// <returns>Null when there was nothing to load.</returns>
    public async Task<IngestReport?> LoadShippedAsync(string path, IProgress<IngestProgress>? progress = null, CancellationToken ct = default)
    {
        var stored = library.GetHashes();
        if (stored.Count > 0 && library.GetFirstLoad() is null)
        {
            await RefreshAsync(ct);
            return null;
        }

        var reading = CaseStudyFile.Read(path);
        if (reading.Problems is [var first, ..]) throw new BadInputException($"The shipped corpus is damaged: {first}. Fetch it again.");
        _firstLoad = new(stored.Count, reading.CaseStudies.Count, "");
        library.BeginFirstLoad(reading.CaseStudies.Count);
        var report = await IngestAsync(reading.CaseStudies, "shipped corpus", prune: false, new FirstLoadProgress(this, stored.Count, reading.CaseStudies.Count, progress), ct);
        library.EndFirstLoad();
        await RefreshAsync(ct);
        _firstLoad = null;
        return report;
    }

    // Counts what an earlier, interrupted load has stored already.
    private sealed class FirstLoadProgress(CorpusService service, int before, int total, IProgress<IngestProgress>? next) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value)
        {
            var all = new IngestProgress(before + value.Done, total, value.Slug);
            service._firstLoad = all;
            next?.Report(all);
        }
    }

    /// <summary>Encodes every stored case study with the configured model, all in memory and stored in one step: a kill leaves the old vectors.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EncodeAgainAsync(IProgress<IngestProgress>? progress = null, CancellationToken ct = default)
    {
        var caseStudies = library.Load().Select(c => c.CaseStudy).ToList();
        var indexed = new List<IndexedCaseStudy>(caseStudies.Count);
        foreach (var batch in caseStudies.Chunk(Batch))
        {
            indexed.AddRange(await indexer.IndexAsync(batch, ct));
            progress?.Report(new IngestProgress(indexed.Count, caseStudies.Count, batch[^1].Slug));
        }

        library.ReplaceVectors(indexed, encoder.ModelId);
        return indexed.Count;
    }

    /// <summary>Notes that the store, rebuilt as a whole, has everything.</summary>
    public void NoteRebuilt() => library.ClearPending(library.GetPending());

    /// <summary>Sends every stored case study to a passage store: for a rebuild.</summary>
    /// <exception cref="BadInputException">The stored vectors are of another model.</exception>
    public IEnumerable<StoredCaseStudy> ReadAll()
    {
        CheckModel();
        var searched = library.GetSearchedHashes();
        return library.Load().Where(c => searched.ContainsKey(c.CaseStudy.Slug)).Select(Stored);
    }

    public void Dispose() => _changing.Dispose();

    internal static StoredCaseStudy Stored(IndexedCaseStudy item) => new(
        item.CaseStudy,
        [.. item.Passages.Select((p, i) => new StoredPassage(p, item.PassageEmbeddings[i], LexicalModel.ForPassage(item.CaseStudy, p)))]);

    private bool StoreIsDue() => StoreFault is not null && clock.GetUtcNow() >= _tryStoreAt;

    /// <summary>Tells the store of a change; when it cannot be told, the change stays noted and the rest goes on.</summary>
    private async Task TellStoreAsync(Func<Task> tell, IEnumerable<string> slugs)
    {
        try
        {
            await tell();
            library.ClearPending(slugs);
            StoreFault = null;
        }
        catch (PassageStoreUnavailableException e)
        {
            StoreFault = e;
            _tryStoreAt = clock.GetUtcNow() + (e.RetryAfter ?? TimeSpan.FromMinutes(1));
        }
    }

    private void CheckModel()
    {
        if (library.GetModel() is { } stored && (stored.Model != encoder.ModelId || stored.Dimension != encoder.Dimension))
        {
            throw new BadInputException(
                $"The stored vectors were made with {stored.Model} ({stored.Dimension} dimensions); the configured model is {encoder.ModelId} ({encoder.Dimension}). " +
                "Vectors of two models cannot be compared. Either set the model back, or encode everything again: coopai index rebuild --encode.");
        }
    }
}
