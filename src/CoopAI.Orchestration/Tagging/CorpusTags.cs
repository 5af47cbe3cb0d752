using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Statistics;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.AI;

namespace CoopAI.Orchestration.Tagging;

/// <summary>How well people agree on one principle.</summary>
/// <param name="Readers">The two readers of the shipped labels.</param>
/// <param name="Staff">Members of staff who decided on the same tag.</param>
public sealed record PrincipleAgreement(string Id, Agreement Readers, Agreement Staff);

/// <summary>Figures that staff see.</summary>
/// <param name="Principles">From five-fold cross-validation on the readers' labels.</param>
public sealed record TagReport(
    string Version, int LabelledTexts, IReadOnlyList<PrincipleAccuracy> Principles, double MacroF1, double Brier, IReadOnlyList<ReliabilityRow> Reliability,
    IReadOnlyList<PrincipleAgreement> Agreement, DecisionComparison Decisions, IReadOnlyList<AuditRow> Audit);

/// <summary>The tags of a stored case study as lists have them.</summary>
/// <param name="Nearest">For principles without evidence the sentence that comes nearest, however weak.</param>
public sealed record ListedTags(CaseTags Tags, IReadOnlyDictionary<string, TagEvidence> Nearest);

/// <summary>The tags of the whole stored corpus, kept up to date: what queues, audit, coverage and the report read.</summary>
/// <remarks>
/// Safe for concurrent use. The suggestions are made once for each state of corpus, labels and decisions and lie in the database. After a
/// decision those for the whole corpus follow in the background within seconds; until then the lists show the older ones with the new
/// decision laid over them.
/// </remarks>
public sealed class CorpusTags(TrainedTagger trained, TagMeasures measures, ITagSuggestions book, ITagDecisions decisions, TimeProvider clock) : IDisposable
{
    /// <summary>Case studies that are read at once: their sentences' features take memory.</summary>
    private const int Chunk = 64;

    /// <summary>Rest after a decision before the tagger learns: decisions come one after another, and one training does for many.</summary>
    internal static readonly TimeSpan AfterDeciding = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();
    private Task _background = Task.CompletedTask;
    private volatile Snapshot? _snapshot;
    private volatile Lists? _lists;

    /// <summary>Suggestions for the whole corpus, by slug.</summary>
    private sealed record Snapshot(string Key, CorpusIndex Index, IReadOnlyList<StoredSuggestion> Suggestions);

    /// <summary>What the pages list, made once for each snapshot and state of decisions.</summary>
    private sealed class Lists(Snapshot snapshot, TagBasis basis)
    {
        private readonly Lazy<IReadOnlyDictionary<string, ListedTags>> _bySlug = new(() =>
        {
            var standing = basis.Standing.ToLookup(d => d.Slug, StringComparer.Ordinal);
            return snapshot.Suggestions.ToDictionary(
                s => s.Slug, s => new ListedTags(CaseTags.Of(snapshot.Index.Find(s.Slug)!.CaseStudy, s.Suggestion, standing[s.Slug]), s.Nearest), StringComparer.Ordinal);
        });

        private IReadOnlyList<CaseTags>? _tags;
        private IReadOnlyList<QueuedTag>? _queue;
        private IReadOnlyList<AuditRow>? _audit;
        private PrincipleCoverage? _coverage;

        public bool Fit(Snapshot other, TagBasis now) => ReferenceEquals(snapshot, other) && ReferenceEquals(basis, now);

        public IReadOnlyDictionary<string, ListedTags> BySlug => _bySlug.Value;

        public IReadOnlyList<CaseTags> Tags => _tags ??= [.. snapshot.Suggestions.Select(s => BySlug[s.Slug].Tags)];

        public IReadOnlyList<QueuedTag> Queue => _queue ??= TagQueues.Uncertain(Tags);

        public IReadOnlyList<AuditRow> Audit => _audit ??= FindAudit();

        public PrincipleCoverage Coverage => _coverage ??= PrincipleCoverage.Of(Tags, PrincipleIds.All);

        private IReadOnlyList<AuditRow> FindAudit()
        {
            var nearest = snapshot.Suggestions.ToDictionary(s => s.Slug, s => s.Nearest, StringComparer.Ordinal);
            return TagQueues.Audit(Tags, (slug, id) => nearest[slug].GetValueOrDefault(id));
        }
    }

    /// <summary>The three kinds of tags of the whole corpus, by slug. Labelled texts are tagged by a tagger that had not seen their labels.</summary>
    public async Task<IReadOnlyList<CaseTags>> GetCorpusTagsAsync(CancellationToken ct = default) => (await ListsAsync(ct)).Tags;

    /// <summary>The tags of one stored case study as every list has them, so that a tag has one probability wherever it stands; null for an unknown slug. Waits for no training, save after a change of the corpus.</summary>
    public async Task<ListedTags?> GetListedAsync(string slug, CancellationToken ct = default) => (await ListsAsync(ct)).BySlug.GetValueOrDefault(slug);

    /// <summary>Undecided tags of the corpus, most uncertain first.</summary>
    public async Task<IReadOnlyList<QueuedTag>> GetQueueAsync(CancellationToken ct = default) => (await ListsAsync(ct)).Queue;

    /// <summary>Where published, suggested and decided tags of the corpus disagree.</summary>
    public async Task<IReadOnlyList<AuditRow>> GetAuditAsync(CancellationToken ct = default) => (await ListsAsync(ct)).Audit;

    public async Task<PrincipleCoverage> GetCoverageAsync(CancellationToken ct = default) => (await ListsAsync(ct)).Coverage;

    /// <summary>Accuracy, agreement, audit, and whether the decisions do good; a few seconds after a change, then at once.</summary>
    public async Task<TagReport> GetReportAsync(CancellationToken ct = default)
    {
        var figures = await measures.FiguresAsync(await trained.CurrentAsync(ct), ct);
        var staff = decisions.GetByPerson().ToLookup(d => d.Principle, StringComparer.Ordinal);
        var agreement = PrincipleIds.All.Select(id => new PrincipleAgreement(
            id, figures.Readers[id],
            KrippendorffAlpha.NominalWithInterval([.. staff[id].GroupBy(d => d.Slug, StringComparer.Ordinal).Select(g => (IReadOnlyList<string?>)[.. g.Select(d => d.IsYes ? "yes" : "no")])], TrainedTagger.Seed))).ToList();
        return new(
            figures.Version, figures.LabelledTexts, figures.Principles, figures.MacroF1, figures.Brier, figures.Reliability, agreement, figures.Decisions, await GetAuditAsync(ct));
    }

    /// <summary>Brings the suggestions for the whole corpus up to date and stores them, for answers and searches too. Without a change it costs nothing.</summary>
    public async Task UpdateAsync(CancellationToken ct = default) => await RefreshAsync(ct);

    /// <summary>Begins to bring suggestions up to date and to train, unless that is going on already; what fails here fails again, and is told, where it is needed.</summary>
    /// <param name="after">How long it may wait.</param>
    public void BeginUpdate(TimeSpan after = default)
    {
        lock (_starting)
        {
            if (!_background.IsCompleted || _stopping.IsCancellationRequested) return;
            _background = Task.Run(async () =>
            {
                try
                {
                    await Task.Delay(after, clock, _stopping.Token);
                    Snapshot made;
                    do made = await RefreshAsync(_stopping.Token);
                    while (made.Key != (await trained.CurrentAsync(_stopping.Token)).Key);
                    await measures.FiguresAsync(await trained.CurrentAsync(_stopping.Token), _stopping.Token);
                    await trained.TrainAsync(await trained.CurrentAsync(_stopping.Token), _stopping.Token);
                }
                catch (Exception e) when (e is OperationCanceledException or BadInputException or IOException or InvalidOperationException)
                {
                    // Whoever asks next meets the same and can be told.
                }
            });
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        try
        {
            _background.Wait();
        }
        catch (AggregateException)
        {
            // Nobody is left to be told.
        }

        _refreshing.Dispose();
        _stopping.Dispose();
    }

    private async Task<Lists> ListsAsync(CancellationToken ct)
    {
        var basis = await trained.CurrentAsync(ct);
        // Decisions alone do not hold a reader up; another corpus does, since its case studies have no suggestion yet.
        if (_snapshot is not { } snapshot || !ReferenceEquals(snapshot.Index, basis.Index)) snapshot = await RefreshAsync(ct);
        else if (snapshot.Key != basis.Key) BeginUpdate();
        return _lists is { } lists && lists.Fit(snapshot, basis) ? lists : _lists = new Lists(snapshot, basis);
    }

    private async Task<Snapshot> RefreshAsync(CancellationToken ct)
    {
        if (_snapshot is { } ready && IsFresh(ready, await trained.CurrentAsync(ct))) return ready;
        await _refreshing.WaitAsync(ct);
        try
        {
            var basis = await trained.CurrentAsync(ct);
            if (_snapshot is { } current && IsFresh(current, basis)) return current;
            var stored = book.Load(basis.Key);
            var missing = basis.Index.CaseStudies.Where(c => stored.GetValueOrDefault(c.CaseStudy.Slug)?.Hash != c.CaseStudy.ContentHash).ToList();
            IReadOnlyDictionary<string, StoredSuggestion> made = new Dictionary<string, StoredSuggestion>();
            if (missing.Count > 0)
            {
                // Decisions that do harm must not reach the lists.
                if (basis.Standing.Count > 0) await measures.FiguresAsync(basis, ct);
                made = (await SuggestStoredAsync(basis, missing, ct)).ToDictionary(s => s.Slug, StringComparer.Ordinal);
                book.Save(basis.Key, made.Values, [.. basis.Index.CaseStudies.Select(c => c.CaseStudy.Slug)]);
            }

            return _snapshot = new(basis.Key, basis.Index, [.. basis.Index.CaseStudies.Select(c => made.GetValueOrDefault(c.CaseStudy.Slug) ?? stored[c.CaseStudy.Slug])]);
        }
        finally
        {
            _refreshing.Release();
        }

        static bool IsFresh(Snapshot snapshot, TagBasis basis) => snapshot.Key == basis.Key && ReferenceEquals(snapshot.Index, basis.Index);
    }

    private async Task<IReadOnlyList<StoredSuggestion>> SuggestStoredAsync(TagBasis basis, IReadOnlyList<IndexedCaseStudy> caseStudies, CancellationToken ct)
    {
        var (reader, state) = await trained.TrainAsync(basis, ct);
        var tagger = state.Tagger;
        var labelled = state.Examples.Select(e => e.Text.Source.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var unseen = caseStudies.Any(c => labelled.Contains(TaggableText.Of(c.CaseStudy).Fingerprint))
            ? await measures.UnseenAsync(reader, state, ct) : new Dictionary<string, TagSuggestion>();
        ct.ThrowIfCancellationRequested();
        var all = new List<StoredSuggestion>(caseStudies.Count);
        foreach (var chunk in caseStudies.Chunk(Chunk))
        {
            var read = await reader.ReadAsync(chunk, ct);
            var made = new StoredSuggestion[chunk.Length];
            Parallel.For(0, chunk.Length, i =>
            {
                var suggestion = unseen.GetValueOrDefault(read[i].Source.Fingerprint) ?? tagger.Suggest(read[i]);
                var nearest = suggestion.Tags.Where(t => t.Evidence.Count == 0).Select(t => (t.Id, Sentence: tagger.Nearest(read[i], t.Id)))
                    .Where(n => n.Sentence is not null).ToDictionary(n => n.Id, n => n.Sentence!, StringComparer.Ordinal);
                made[i] = new(chunk[i].CaseStudy.Slug, chunk[i].CaseStudy.ContentHash, suggestion, nearest);
            });
            all.AddRange(made);
            ct.ThrowIfCancellationRequested();
        }

        return all;
    }
}
