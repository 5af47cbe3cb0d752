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

/// <summary>The readers' labels that the tagger is trained on.</summary>
/// <param name="Path">Where they lie.</param>
public sealed record TaggingLabels(string Path);

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

/// <summary>What the doors answer: the suggestion, and beside it what is published and decided.</summary>
/// <param name="Published">Ids on the page; null: not known, or a text that is not stored.</param>
/// <param name="Comparison">Whether staff's decisions do good; null when it was not asked for.</param>
public sealed record TagAnswer(
    IReadOnlyList<SuggestedTag> Tags, string? Note, string Version, IReadOnlyList<string>? Published, IReadOnlyList<StaffDecision> Decided, DecisionComparison? Comparison)
{
    public static TagAnswer Of(TagSuggestion suggestion) => new(suggestion.Tags, suggestion.Note, suggestion.Version, null, [], null);

    public static TagAnswer Of(CaseTags tags, DecisionComparison? comparison = null)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return new(tags.Suggested.Tags, tags.Suggested.Note, tags.Suggested.Version, tags.Published, tags.Decided, comparison);
    }
}

/// <summary>The tagger at work: trained on the readers' labels and staff's decisions, kept up to date, its decisions recorded.</summary>
/// <remarks>
/// Safe for concurrent use. The suggestions for the stored corpus are made once for each state of corpus, labels and decisions and lie in the
/// database; queues, audit and coverage read them. The first call that needs the tagger itself trains it (about a second). A decision changes
/// the next suggestion for any one text at once; those for the whole corpus follow in the background within seconds, and until then
/// the lists show the older ones with the new decision laid over them.
/// </remarks>
public sealed class TaggingService(
    IEmbeddingGenerator<string, Embedding<float>> embeddings, SearchCorpus corpus, ITagDecisions decisions, ITagSuggestions book, TimeProvider clock,
    PrincipleCatalogue catalogue, TaggingLabels labels, GuidanceFramework? guidance = null) : IDisposable
{
    private const int Seed = 1;

    /// <summary>Case studies that are read at once: their sentences' features take memory.</summary>
    private const int Chunk = 64;

    /// <summary>Rest after a decision before the tagger learns: decisions come one after another, and one training does for many.</summary>
    private static readonly TimeSpan AfterDeciding = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _training = new(1, 1);
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();
    private Task _background = Task.CompletedTask;
    private TaggableTextReader? _reader;
    private IReadOnlyList<(LabelledText Labelled, TaggingExample Example)> _labelled = [];
    private volatile Basis? _basis;
    private volatile State? _state;
    private volatile Snapshot? _snapshot;
    private volatile Lists? _lists;
    private volatile Measured? _figures;
    private (string Version, IReadOnlyList<HeldOutSuggestion> Runs)? _heldOut;

    /// <summary>What suggestions depend on.</summary>
    /// <param name="Key">Hash of program, principles, labels, model, decisions and the texts decided on.</param>
    private sealed record Basis(string Decisions, CorpusIndex Index, IReadOnlyList<StaffDecision> Standing, string Key);

    private sealed record State(string Key, Tagger Tagger, IReadOnlyList<TaggingExample> Examples);

    /// <summary>Suggestions for the whole corpus, by slug.</summary>
    private sealed record Snapshot(string Key, CorpusIndex Index, IReadOnlyList<StoredSuggestion> Suggestions);

    private sealed record Measured(string Key, TagFigures Figures);

    /// <summary>What the pages list, made once for each snapshot and state of decisions.</summary>
    private sealed class Lists(Snapshot snapshot, Basis basis)
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

        public bool Fit(Snapshot other, Basis now) => ReferenceEquals(snapshot, other) && ReferenceEquals(basis, now);

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

    public async Task<Tagger> GetTaggerAsync(CancellationToken ct = default) => (await TrainAsync(await CurrentAsync(ct), ct)).State.Tagger;

    /// <summary>Suggests tags for any text.</summary>
    public async Task<TagSuggestion> SuggestAsync(TaggableText text, CancellationToken ct = default) => (await SuggestAsync([text], ct))[0];

    /// <inheritdoc cref="SuggestAsync(TaggableText, CancellationToken)"/>
    public async Task<IReadOnlyList<TagSuggestion>> SuggestAsync(IReadOnlyList<TaggableText> texts, CancellationToken ct = default)
    {
        var (reader, state) = await TrainAsync(await CurrentAsync(ct), ct);
        return [.. (await reader.ReadAsync(texts, ct)).AsParallel().AsOrdered().Select(state.Tagger.Suggest)];
    }

    /// <summary>The three kinds of tags of one stored case study, with every decision taken in; null for an unknown slug.</summary>
    public async Task<CaseTags?> GetTagsAsync(string slug, CancellationToken ct = default)
    {
        var basis = await CurrentAsync(ct);
        if (basis.Index.Find(slug) is not { } stored) return null;
        var (reader, state) = await TrainAsync(basis, ct);
        var read = await reader.ReadAsync([stored], ct);
        return CaseTags.Of(stored.CaseStudy, state.Tagger.Suggest(read[0]), basis.Standing.Where(d => d.Slug == slug));
    }

    /// <summary>The three kinds of tags of the whole corpus, by slug. Labelled texts are tagged by a tagger that had not seen their labels.</summary>
    public async Task<IReadOnlyList<CaseTags>> GetCorpusTagsAsync(CancellationToken ct = default) => (await ListsAsync(ct)).Tags;

    /// <summary>The tags of one stored case study as every list has them, so that a tag has one probability wherever it stands; null for an unknown slug. Waits for no training, save after a change of the corpus.</summary>
    public async Task<ListedTags?> GetListedAsync(string slug, CancellationToken ct = default) => (await ListsAsync(ct)).BySlug.GetValueOrDefault(slug);

    /// <summary>What each person last decided on each tag, undone decisions left out. By slug, principle, person.</summary>
    public IReadOnlyList<StaffDecision> GetByPerson() => decisions.GetByPerson();

    /// <summary>The decisions that stand.</summary>
    public IReadOnlyList<StaffDecision> GetStanding() => decisions.GetStanding();

    /// <summary>The latest decision of a person that was not undone; null: there is none.</summary>
    public StaffDecision? LatestOf(string by) => decisions.GetLatest(by);

    /// <summary>How many decisions a person has made since a moment.</summary>
    public int CountDecisions(string by, DateTimeOffset since) => decisions.Count(by, since);

    /// <summary>Undecided tags of the corpus, most uncertain first.</summary>
    public async Task<IReadOnlyList<QueuedTag>> GetQueueAsync(CancellationToken ct = default) => (await ListsAsync(ct)).Queue;

    /// <summary>Where published, suggested and decided tags of the corpus disagree.</summary>
    public async Task<IReadOnlyList<AuditRow>> GetAuditAsync(CancellationToken ct = default) => (await ListsAsync(ct)).Audit;

    public async Task<PrincipleCoverage> GetCoverageAsync(CancellationToken ct = default) => (await ListsAsync(ct)).Coverage;

    /// <summary>Accuracy, agreement, audit, and whether the decisions do good; a few seconds after a change, then at once.</summary>
    public async Task<TagReport> GetReportAsync(CancellationToken ct = default)
    {
        var figures = await FiguresAsync(ct);
        var staff = decisions.GetByPerson().ToLookup(d => d.Principle, StringComparer.Ordinal);
        var agreement = PrincipleIds.All.Select(id => new PrincipleAgreement(
            id, figures.Readers[id],
            KrippendorffAlpha.NominalWithInterval([.. staff[id].GroupBy(d => d.Slug, StringComparer.Ordinal).Select(g => (IReadOnlyList<string?>)[.. g.Select(d => d.IsYes ? "yes" : "no")])], Seed))).ToList();
        return new(
            figures.Version, figures.LabelledTexts, figures.Principles, figures.MacroF1, figures.Brier, figures.Reliability, agreement, figures.Decisions, await GetAuditAsync(ct));
    }

    /// <summary>Stores a decision with its entry in the ledger; the next suggestion knows it.</summary>
    /// <exception cref="BadInputException">The slug or principle is unknown, a field is too long, or the sentence is not in the text.</exception>
    public async Task<CaseTags> DecideAsync(string slug, string principle, StaffVerdict verdict, string by, string? reason, string? sentence, CancellationToken ct = default)
    {
        var before = await FindAsync(slug, principle, ct);
        CheckName(by, "decides");
        guidance?.RefusePersonalData("reason", reason);
        if (reason?.Length > StaffDecision.MaxReason) throw new BadInputException($"\"reason\" has {reason.Length} characters; at most {StaffDecision.MaxReason} are kept.");
        if (sentence is not null && !corpus.Current.Find(slug)!.CaseStudy.Text.Contains(sentence, StringComparison.Ordinal))
            throw new BadInputException($"\"sentence\" is not in the text of {slug}. Copy it from there, or leave it out.");
        var tag = before.Suggested.Tags.First(t => t.Id == principle);
        var decision = new StaffDecision(
            slug, principle, verdict, by.Trim(), clock.GetUtcNow(), reason, before.Suggested.Version, tag.Probability,
            sentence ?? (verdict is StaffVerdict.Accepted ? (tag.Evidence.Count > 0 ? tag.Evidence[0].Sentence : null) : null));
        decisions.Add(decision);
        var tags = await GetTagsAsync(slug, ct);
        BeginUpdate();
        return tags!;
    }

    /// <summary>Takes the standing decision on a tag back.</summary>
    /// <exception cref="BadInputException">The slug or principle is unknown, or no decision stands.</exception>
    public async Task<CaseTags> UndoAsync(string slug, string principle, string by, CancellationToken ct = default)
    {
        var before = await FindAsync(slug, principle, ct);
        CheckName(by, "undoes it");
        if (before.IsDecided(principle) is null) throw new BadInputException($"No decision on {principle} of {slug} stands, so there is none to undo.");
        decisions.Undo(slug, principle, by.Trim(), clock.GetUtcNow());
        var tags = await GetTagsAsync(slug, ct);
        BeginUpdate();
        return tags!;
    }

    /// <summary>Stores a decision on a tag as it is listed, and lets the tagger learn from it a little later: somebody who decides on one tag after another waits for nothing.</summary>
    /// <exception cref="BadInputException">As <see cref="DecideAsync"/>.</exception>
    public async Task RecordAsync(string slug, string principle, StaffVerdict verdict, string by, string? reason, CancellationToken ct = default)
    {
        CheckPrinciple(principle);
        CheckName(by, "decides");
        guidance?.RefusePersonalData("reason", reason);
        if (reason?.Length > StaffDecision.MaxReason) throw new BadInputException($"The reason has {reason.Length} characters; at most {StaffDecision.MaxReason} are kept.");
        var listed = await GetListedAsync(slug, ct) ?? throw NoCaseStudy(slug);
        var tag = listed.Tags.Suggested.Tags.First(t => t.Id == principle);
        decisions.Add(new(
            slug, principle, verdict, by.Trim(), clock.GetUtcNow(), reason, listed.Tags.Suggested.Version, tag.Probability,
            verdict is StaffVerdict.Accepted && tag.Evidence.Count > 0 ? tag.Evidence[0].Sentence : null));
        BeginUpdate(AfterDeciding);
    }

    /// <summary>Takes back the latest decision of a person.</summary>
    /// <returns>What was taken back; null: there was none.</returns>
    public StaffDecision? TakeBackLatest(string by)
    {
        CheckName(by, "undoes it");
        if (decisions.GetLatest(by.Trim()) is not { } latest) return null;
        return TakeBack(latest.Slug, latest.Principle, by);
    }

    /// <summary>Takes back the decision that stands on a tag, without waiting for the tagger to learn it.</summary>
    /// <returns>What was taken back; null: there was none.</returns>
    public StaffDecision? TakeBack(string slug, string principle, string by)
    {
        CheckName(by, "undoes it");
        var undone = decisions.Undo(slug, principle, by.Trim(), clock.GetUtcNow());
        BeginUpdate(AfterDeciding);
        return undone;
    }

    private static void CheckPrinciple(string principle)
    {
        if (!PrincipleIds.Contains(principle)) throw new BadInputException($"\"{principle}\" is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.");
    }

    private static BadInputException NoCaseStudy(string slug) => new($"\"{slug}\" is not the slug of a stored case study. Find slugs with a search.");

    private void CheckName(string by, string what)
    {
        guidance?.RefusePersonalData("name", by, isName: true);
        if (string.IsNullOrWhiteSpace(by) || by.Length > StaffDecision.MaxName)
            throw new BadInputException($"\"by\" must say who {what}, in 1 to {StaffDecision.MaxName} characters.");
    }

    /// <summary>Whether the decisions do good; from now on suggestions come from the better tagger.</summary>
    public async Task<DecisionComparison> CompareAsync(CancellationToken ct = default) => (await FiguresAsync(ct)).Decisions;

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
                    while (made.Key != (await CurrentAsync(_stopping.Token)).Key);
                    await FiguresAsync(_stopping.Token);
                    await TrainAsync(await CurrentAsync(_stopping.Token), _stopping.Token);
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

        _training.Dispose();
        _refreshing.Dispose();
        _stopping.Dispose();
    }

    private IReadOnlyList<TaggingExample> ReaderExamples => [.. _labelled.Select(l => l.Example)];

    private async Task<CaseTags> FindAsync(string slug, string principle, CancellationToken ct)
    {
        CheckPrinciple(principle);
        return await GetTagsAsync(slug, ct) ?? throw NoCaseStudy(slug);
    }

    private async Task<Basis> CurrentAsync(CancellationToken ct)
    {
        var (version, index) = (decisions.GetVersion(), await corpus.CurrentAsync(ct));
        if (_basis is { } basis && basis.Decisions == version && ReferenceEquals(basis.Index, index)) return basis;
        var standing = decisions.GetStanding();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        // The program's own id stands for its code, settings and prior.
        Add(typeof(Tagger).Assembly.ManifestModule.ModuleVersionId.ToString());
        Add(EncoderIdentity.Of(embeddings).ModelId);
        Add(catalogue.Hash);
        hash.AppendData(File.ReadAllBytes(labels.Path));
        foreach (var decision in standing) Add($"{JsonSerializer.Serialize(decision, CoopJson.Options)} {index.Find(decision.Slug)?.CaseStudy.ContentHash}");
        return _basis = new(version, index, standing, Convert.ToHexStringLower(hash.GetHashAndReset())[..32]);
    }

    private async Task<Lists> ListsAsync(CancellationToken ct)
    {
        var basis = await CurrentAsync(ct);
        // Decisions alone do not hold a reader up; another corpus does, since its case studies have no suggestion yet.
        if (_snapshot is not { } snapshot || !ReferenceEquals(snapshot.Index, basis.Index)) snapshot = await RefreshAsync(ct);
        else if (snapshot.Key != basis.Key) BeginUpdate();
        return _lists is { } lists && lists.Fit(snapshot, basis) ? lists : _lists = new Lists(snapshot, basis);
    }

    private async Task<Snapshot> RefreshAsync(CancellationToken ct)
    {
        if (_snapshot is { } ready && IsFresh(ready, await CurrentAsync(ct))) return ready;
        await _refreshing.WaitAsync(ct);
        try
        {
            var basis = await CurrentAsync(ct);
            if (_snapshot is { } current && IsFresh(current, basis)) return current;
            var stored = book.Load(basis.Key);
            var missing = basis.Index.CaseStudies.Where(c => stored.GetValueOrDefault(c.CaseStudy.Slug)?.Hash != c.CaseStudy.ContentHash).ToList();
            IReadOnlyDictionary<string, StoredSuggestion> made = new Dictionary<string, StoredSuggestion>();
            if (missing.Count > 0)
            {
                // Decisions that do harm must not reach the lists.
                if (basis.Standing.Count > 0) await FiguresAsync(basis, ct);
                made = (await SuggestStoredAsync(basis, missing, ct)).ToDictionary(s => s.Slug, StringComparer.Ordinal);
                book.Save(basis.Key, made.Values, [.. basis.Index.CaseStudies.Select(c => c.CaseStudy.Slug)]);
            }

            return _snapshot = new(basis.Key, basis.Index, [.. basis.Index.CaseStudies.Select(c => made.GetValueOrDefault(c.CaseStudy.Slug) ?? stored[c.CaseStudy.Slug])]);
        }
        finally
        {
            _refreshing.Release();
        }

        static bool IsFresh(Snapshot snapshot, Basis basis) => snapshot.Key == basis.Key && ReferenceEquals(snapshot.Index, basis.Index);
    }

    private async Task<IReadOnlyList<StoredSuggestion>> SuggestStoredAsync(Basis basis, IReadOnlyList<IndexedCaseStudy> caseStudies, CancellationToken ct)
    {
        var (reader, state) = await TrainAsync(basis, ct);
        var tagger = state.Tagger;
        var labelled = state.Examples.Select(e => e.Text.Source.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var unseen = caseStudies.Any(c => labelled.Contains(TaggableText.Of(c.CaseStudy).Fingerprint))
            ? HeldOut(reader, state).GroupBy(r => r.Example.Text.Source.Fingerprint, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Suggestion, StringComparer.Ordinal) : [];
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

    private async Task<TagFigures> FiguresAsync(CancellationToken ct)
    {
        var basis = await CurrentAsync(ct);
        if (_figures is { } ready && ready.Key == basis.Key) return ready.Figures;
        await _refreshing.WaitAsync(ct);
        try
        {
            return await FiguresAsync(basis, ct);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Within the lock of refreshing.</summary>
    private async Task<TagFigures> FiguresAsync(Basis basis, CancellationToken ct)
    {
        if (_figures is { } ready && ready.Key == basis.Key) return ready.Figures;
        var figures = book.LoadFigures(basis.Key);
        if (figures is null)
        {
            var comparison = await CompareAsync(basis, ct);
            ct.ThrowIfCancellationRequested();
            var (reader, state) = await TrainAsync(basis, ct);
            figures = Figures(state.Tagger.Version, HeldOut(reader, state), comparison);
            book.SaveFigures(basis.Key, figures);
        }

        _figures = new(basis.Key, figures);
        return figures;
    }

    /// <summary>Predictions for labelled texts by taggers that had not seen them. Within the lock of refreshing.</summary>
    private IReadOnlyList<HeldOutSuggestion> HeldOut(TaggableTextReader reader, State state)
    {
        if (_heldOut?.Version != state.Tagger.Version)
            _heldOut = (state.Tagger.Version, TaggingCrossValidation.Run(reader, state.Examples, TaggingPrior.Shipped, folds: 5, repeats: 1, Seed));
        return _heldOut.Value.Runs;
    }

    private TagFigures Figures(string version, IReadOnlyList<HeldOutSuggestion> runs, DecisionComparison comparison)
    {
        var principles = PrincipleAccuracy.Of(runs, PrincipleIds.All, Seed);
        var readers = PrincipleIds.All.ToDictionary(id => id, id => KrippendorffAlpha.NominalWithInterval([.. _labelled.Select(l => Readers(l.Labelled, id))], Seed), StringComparer.Ordinal);
        return new(version, _labelled.Count, principles, principles.Average(f => f.F1.Value ?? 0), PrincipleAccuracy.Brier(runs), PrincipleAccuracy.Reliability(runs), readers, comparison);
    }

    /// <summary>Holds the tagger with decisions against the one without; when it is worse, suggestions come from the one without.</summary>
    private async Task<DecisionComparison> CompareAsync(Basis basis, CancellationToken ct)
    {
        var (reader, _) = await TrainAsync(basis, ct);
        var merged = await MergeAsync(reader, basis, ct);
        // Outside the lock of training: a suggestion need not wait for ten other trainings.
        var comparison = DecisionLearning.Compare(reader, ReaderExamples, merged, basis.Standing.Count, TaggingPrior.Shipped, Seed);
        if (comparison.Kept) return comparison;
        var without = Trained(reader, basis.Key, ReaderExamples);
        await _training.WaitAsync(ct);
        if (_state?.Key == basis.Key) _state = without;
        _training.Release();
        return comparison;
    }

    private async Task<(TaggableTextReader Reader, State State)> TrainAsync(Basis basis, CancellationToken ct)
    {
        if (_reader is { } ready && _state is { } current && current.Key == basis.Key) return (ready, current);
        await _training.WaitAsync(ct);
        try
        {
            if (_reader is null)
            {
                var reader = await TaggableTextReader.CreateAsync(catalogue, embeddings, ct);
                var labelled = LabelledText.ReadFile(labels.Path);
                var examples = new TaggingExample[labelled.Count];
                // Most labelled texts are stored as well, so their sentences are embedded already.
                foreach (var known in Enumerable.Range(0, labelled.Count).ToLookup(i => IsStored(basis.Index, labelled[i].CaseStudy)))
                {
                    int[] places = [.. known];
                    var read = known.Key
                        ? await reader.ReadAsync([.. places.Select(i => basis.Index.Find(labelled[i].CaseStudy.Slug)!)], ct)
                        : await reader.ReadAsync([.. places.Select(i => TaggableText.Of(labelled[i].CaseStudy))], ct);
                    for (var i = 0; i < places.Length; i++) examples[places[i]] = labelled[places[i]].ToExample(read[i]);
                }

                _labelled = [.. labelled.Zip(examples)];
                _reader = reader;
            }

            if (_state?.Key != basis.Key)
            {
                var worse = basis.Standing.Count > 0 && book.LoadFigures(basis.Key) is { Decisions.Kept: false };
                _state = Trained(_reader, basis.Key, worse ? ReaderExamples : await MergeAsync(_reader, basis, ct));
            }

            return (_reader, _state);
        }
        finally
        {
            _training.Release();
        }
    }

    private static State Trained(TaggableTextReader reader, string key, IReadOnlyList<TaggingExample> examples) =>
        new(key, TaggerTrainer.Train(reader, examples, TaggingPrior.Shipped), examples);

    private static bool IsStored(CorpusIndex index, CaseStudy caseStudy) =>
        index.Find(caseStudy.Slug)?.CaseStudy is { } stored && stored.Text == caseStudy.Text && stored.Title == caseStudy.Title;

    /// <summary>The readers' labels with the standing decisions laid over them.</summary>
    private async Task<IReadOnlyList<TaggingExample>> MergeAsync(TaggableTextReader reader, Basis basis, CancellationToken ct)
    {
        var decided = basis.Standing.Select(d => d.Slug).Distinct(StringComparer.Ordinal).Select(basis.Index.Find).OfType<IndexedCaseStudy>().ToList();
        var read = await reader.ReadAsync(decided, ct);
        return DecisionLearning.Merge(ReaderExamples, basis.Standing, read.Index().ToDictionary(r => decided[r.Index].CaseStudy.Slug, r => r.Item, StringComparer.Ordinal));
    }

    private static IReadOnlyList<string?> Readers(LabelledText text, string id)
    {
        if (text.CaseStudy.Extra?.TryGetValue("tags", out var tags) != true) return [];
        if (!tags.TryGetProperty(id, out var tag)) return ["no", "no"];
        return tag.TryGetProperty("readers", out var readers) ? [.. readers.EnumerateArray().Select(r => r.GetInt32() > 0 ? "yes" : "no")] : [];
    }
}
