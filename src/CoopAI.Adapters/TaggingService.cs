using CoopAI.Adapters.Embedded;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ledger;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Statistics;
using CoopAI.Core.Tagging;
using Microsoft.Extensions.AI;

namespace CoopAI.Adapters;

/// <summary>How well people agree on one principle.</summary>
/// <param name="Readers">The two readers of the shipped labels.</param>
/// <param name="Staff">Members of staff who decided on the same tag.</param>
public sealed record PrincipleAgreement(string Id, Agreement Readers, Agreement Staff);

/// <summary>Figures that staff see.</summary>
/// <param name="Principles">From five-fold cross-validation on the readers' labels.</param>
public sealed record TagReport(
    string Version, int LabelledTexts, IReadOnlyList<PrincipleAccuracy> Principles, double MacroF1, double Brier, IReadOnlyList<ReliabilityRow> Reliability,
    IReadOnlyList<PrincipleAgreement> Agreement, DecisionComparison Decisions, IReadOnlyList<AuditRow> Audit);

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
/// <remarks>Safe for concurrent use. The first call trains (about a second); a decision retrains before the next suggestion.</remarks>
public sealed class TaggingService(
    IEmbeddingGenerator<string, Embedding<float>> embeddings, SearchCorpus corpus, TagDecisionStore decisions, TagBook book, ILedger ledger, TimeProvider clock) : IDisposable
{
    private const int Seed = 1;

    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Dictionary<string, ReadText> _read = new(StringComparer.Ordinal);
    private TaggableTextReader? _reader;
    private IReadOnlyList<(LabelledText Labelled, TaggingExample Example)> _labelled = [];
    private State? _state;
    private volatile string? _saved;
    private (string Version, IReadOnlyList<HeldOutSuggestion> Runs)? _heldOut;
    private (string Version, DecisionComparison Comparison)? _comparison;

    private sealed record State(string DecisionsVersion, Tagger Tagger, IReadOnlyList<TaggingExample> Examples, IReadOnlyList<StaffDecision> Standing);

    private static readonly Lazy<PrincipleCatalogue> Shipped = new(() => PrincipleCatalogue.Load(Path.Combine(ProductFiles.Prompts, PrincipleCatalogue.FileName)));

    /// <summary>The principles as shipped.</summary>
    /// <exception cref="BadInputException">The file is missing or wrong.</exception>
    public static PrincipleCatalogue LoadCatalogue() => Shipped.Value;

    public async Task<PrincipleCatalogue> GetCatalogueAsync(CancellationToken ct = default) => (await PrepareAsync(ct)).Reader.Catalogue;

    public async Task<Tagger> GetTaggerAsync(CancellationToken ct = default) => (await PrepareAsync(ct)).State.Tagger;

    /// <summary>Suggests tags for any text.</summary>
    public async Task<TagSuggestion> SuggestAsync(TaggableText text, CancellationToken ct = default) => (await SuggestAsync([text], ct))[0];

    /// <inheritdoc cref="SuggestAsync(TaggableText, CancellationToken)"/>
    public async Task<IReadOnlyList<TagSuggestion>> SuggestAsync(IReadOnlyList<TaggableText> texts, CancellationToken ct = default)
    {
        var (reader, state) = await PrepareAsync(ct);
        return [.. (await reader.ReadAsync(texts, ct)).Select(state.Tagger.Suggest)];
    }

    /// <summary>The three kinds of tags of one stored case study; null for an unknown slug.</summary>
    public async Task<CaseTags?> GetTagsAsync(string slug, CancellationToken ct = default)
    {
        if (corpus.Current.Find(slug)?.CaseStudy is not { } caseStudy) return null;
        var (reader, state) = await PrepareAsync(ct);
        var read = await ReadAsync(reader, [caseStudy], ct);
        return CaseTags.Of(caseStudy, state.Tagger.Suggest(read[0]), state.Standing.Where(d => d.Slug == slug));
    }

    /// <summary>The three kinds of tags of the whole corpus, by slug. Labelled texts are tagged by a tagger that had not seen their labels.</summary>
    public async Task<IReadOnlyList<CaseTags>> GetCorpusTagsAsync(CancellationToken ct = default)
    {
        var (reader, state) = await PrepareAsync(ct);
        var caseStudies = corpus.Current.CaseStudies.Select(c => c.CaseStudy).OrderBy(c => c.Slug, StringComparer.Ordinal).ToList();
        var read = await ReadAsync(reader, caseStudies, ct);
        var heldOut = (await HeldOutAsync(ct)).GroupBy(r => r.Example.Text.Source.Fingerprint, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Suggestion, StringComparer.Ordinal);
        var standing = state.Standing.ToLookup(d => d.Slug, StringComparer.Ordinal);
        List<CaseTags> tags = [.. caseStudies.Select((c, i) => CaseTags.Of(c, heldOut.GetValueOrDefault(read[i].Source.Fingerprint) ?? state.Tagger.Suggest(read[i]), standing[c.Slug]))];
        if (_saved != state.Tagger.Version)
        {
            book.Save(caseStudies.Zip(tags, (c, t) => (c, t.Suggested)));
            _saved = state.Tagger.Version;
        }

        return tags;
    }

    /// <summary>Records a decision in the ledger, then stores it; the next suggestion knows it.</summary>
    /// <exception cref="BadInputException">The slug or principle is unknown, a field is too long, or the sentence is not in the text.</exception>
    public async Task<CaseTags> DecideAsync(string slug, string principle, StaffVerdict verdict, string by, string? reason, string? sentence, CancellationToken ct = default)
    {
        var before = await FindAsync(slug, principle, ct);
        if (string.IsNullOrWhiteSpace(by) || by.Length > StaffDecision.MaxName) throw new BadInputException($"\"by\" must say who decides, in 1 to {StaffDecision.MaxName} characters.");
        if (reason?.Length > StaffDecision.MaxReason) throw new BadInputException($"\"reason\" has {reason.Length} characters; at most {StaffDecision.MaxReason} are kept.");
        if (sentence is not null && !corpus.Current.Find(slug)!.CaseStudy.Text.Contains(sentence, StringComparison.Ordinal))
            throw new BadInputException($"\"sentence\" is not in the text of {slug}. Copy it from there, or leave it out.");
        var tag = before.Suggested.Tags.First(t => t.Id == principle);
        var decision = new StaffDecision(
            slug, principle, verdict, by.Trim(), clock.GetUtcNow(), reason, before.Suggested.Version, tag.Probability,
            sentence ?? (verdict is StaffVerdict.Accepted ? (tag.Evidence.Count > 0 ? tag.Evidence[0].Sentence : null) : null));
        // The ledger first: what could not be recorded must not take effect.
        ledger.Append(LedgerDraft.TagDecision(slug, principle, verdict.ToString().ToLowerInvariant(), tag.Probability, decision.By));
        decisions.Add(decision);
        return (await GetTagsAsync(slug, ct))!;
    }

    /// <summary>Takes the standing decision on a tag back.</summary>
    /// <exception cref="BadInputException">The slug or principle is unknown, or no decision stands.</exception>
    public async Task<CaseTags> UndoAsync(string slug, string principle, string by, CancellationToken ct = default)
    {
        var before = await FindAsync(slug, principle, ct);
        if (string.IsNullOrWhiteSpace(by) || by.Length > StaffDecision.MaxName) throw new BadInputException($"\"by\" must say who undoes it, in 1 to {StaffDecision.MaxName} characters.");
        if (before.IsDecided(principle) is null) throw new BadInputException($"No decision on {principle} of {slug} stands, so there is none to undo.");
        ledger.Append(LedgerDraft.TagDecision(slug, principle, "undone", null, by.Trim()));
        decisions.Undo(slug, principle, clock.GetUtcNow());
        return (await GetTagsAsync(slug, ct))!;
    }

    /// <summary>Undecided tags of the corpus, most uncertain first.</summary>
    public async Task<IReadOnlyList<QueuedTag>> GetQueueAsync(CancellationToken ct = default) =>
        TagQueues.Uncertain(await GetCorpusTagsAsync(ct));

    /// <summary>Where published, suggested and decided tags of the corpus disagree.</summary>
    public async Task<IReadOnlyList<AuditRow>> GetAuditAsync(CancellationToken ct = default)
    {
        var tags = await GetCorpusTagsAsync(ct);
        var (reader, state) = await PrepareAsync(ct);
        var stored = corpus.Current.CaseStudies.Select(c => c.CaseStudy).ToList();
        var read = (await ReadAsync(reader, stored, ct)).Zip(stored).ToDictionary(x => x.Second.Slug, x => x.First, StringComparer.Ordinal);
        return TagQueues.Audit(tags, (slug, id) => read.TryGetValue(slug, out var text) ? state.Tagger.Nearest(text, id) : null);
    }

    public async Task<PrincipleCoverage> GetCoverageAsync(CancellationToken ct = default) => PrincipleCoverage.Of(await GetCorpusTagsAsync(ct), PrincipleIds.All);

    /// <summary>Accuracy, agreement, audit, and whether the decisions do good; a few seconds after a change, then at once.</summary>
    public async Task<TagReport> GetReportAsync(CancellationToken ct = default)
    {
        var (_, state) = await PrepareAsync(ct);
        var runs = await HeldOutAsync(ct);
        var figures = PrincipleAccuracy.Of(runs, PrincipleIds.All, Seed);
        var comparison = await CompareAsync(ct);
        var staff = decisions.GetByPerson();
        var agreement = PrincipleIds.All.Select(id => new PrincipleAgreement(
            id,
            KrippendorffAlpha.NominalWithInterval([.. _labelled.Select(l => Readers(l.Labelled, id))], Seed),
            KrippendorffAlpha.NominalWithInterval([.. staff.Where(d => d.Principle == id).GroupBy(d => d.Slug, StringComparer.Ordinal).Select(g => (IReadOnlyList<string?>)[.. g.Select(d => d.IsYes ? "yes" : "no")])], Seed))).ToList();
        return new(
            state.Tagger.Version, _labelled.Count, figures, figures.Average(f => f.F1.Value ?? 0), PrincipleAccuracy.Brier(runs), PrincipleAccuracy.Reliability(runs), agreement, comparison, await GetAuditAsync(ct));
    }

    /// <summary>Whether the decisions do good; from now on suggestions come from the better tagger.</summary>
    public async Task<DecisionComparison> CompareAsync(CancellationToken ct = default)
    {
        var (reader, state) = await PrepareAsync(ct);
        await _changing.WaitAsync(ct);
        try
        {
            if (_comparison?.Version == state.DecisionsVersion) return _comparison.Value.Comparison;
            var merged = Merge(state.Standing, await TextsAsync(reader, state.Standing, ct));
            var comparison = DecisionLearning.Compare(reader, ReaderExamples, merged, state.Standing.Count, TaggingPrior.Shipped, Seed);
            _comparison = (state.DecisionsVersion, comparison);
            if (!comparison.Kept) _state = Trained(reader, state.DecisionsVersion, ReaderExamples, state.Standing);
            return comparison;
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private IReadOnlyList<TaggingExample> ReaderExamples => [.. _labelled.Select(l => l.Example)];

    private async Task<CaseTags> FindAsync(string slug, string principle, CancellationToken ct)
    {
        if (!PrincipleIds.Contains(principle)) throw new BadInputException($"\"{principle}\" is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.");
        return await GetTagsAsync(slug, ct) ?? throw new BadInputException($"\"{slug}\" is not the slug of a stored case study. Find slugs with a search.");
    }

    private async Task<(TaggableTextReader Reader, State State)> PrepareAsync(CancellationToken ct)
    {
        var version = decisions.GetVersion();
        if (_reader is { } ready && _state is { } current && current.DecisionsVersion == version) return (ready, current);
        await _changing.WaitAsync(ct);
        try
        {
            if (_reader is null)
            {
                var reader = await TaggableTextReader.CreateAsync(LoadCatalogue(), embeddings, ct);
                var labelled = LabelledText.ReadFile(ProductFiles.TaggingLabels);
                var read = await reader.ReadAsync([.. labelled.Select(l => TaggableText.Of(l.CaseStudy))], ct);
                _labelled = [.. labelled.Select((l, i) => (l, l.ToExample(read[i])))];
                _reader = reader;
            }

            version = decisions.GetVersion();
            if (_state?.DecisionsVersion != version)
            {
                var standing = decisions.GetStanding();
                _state = Trained(_reader, version, Merge(standing, await TextsAsync(_reader, standing, ct)), standing);
            }

            return (_reader, _state);
        }
        finally
        {
            _changing.Release();
        }
    }

    private static State Trained(TaggableTextReader reader, string version, IReadOnlyList<TaggingExample> examples, IReadOnlyList<StaffDecision> standing) =>
        new(version, TaggerTrainer.Train(reader, examples, TaggingPrior.Shipped), examples, standing);

    private IReadOnlyList<TaggingExample> Merge(IReadOnlyList<StaffDecision> standing, IReadOnlyDictionary<string, ReadText> texts) =>
        DecisionLearning.Merge(ReaderExamples, standing, texts);

    private async Task<IReadOnlyDictionary<string, ReadText>> TextsAsync(TaggableTextReader reader, IReadOnlyList<StaffDecision> standing, CancellationToken ct)
    {
        var decided = standing.Select(d => d.Slug).Distinct(StringComparer.Ordinal).Select(s => corpus.Current.Find(s)?.CaseStudy).OfType<CaseStudy>().ToList();
        var read = await ReadAsync(reader, decided, ct);
        return decided.Select((c, i) => (c.Slug, Read: read[i])).ToDictionary(x => x.Slug, x => x.Read, StringComparer.Ordinal);
    }

    /// <summary>Reads case studies, each text once.</summary>
    private async Task<IReadOnlyList<ReadText>> ReadAsync(TaggableTextReader reader, IReadOnlyList<CaseStudy> caseStudies, CancellationToken ct)
    {
        List<CaseStudy> missing;
        lock (_read) missing = [.. caseStudies.Where(c => !_read.ContainsKey(c.ContentHash))];
        var read = await reader.ReadAsync([.. missing.Select(TaggableText.Of)], ct);
        lock (_read)
        {
            for (var i = 0; i < missing.Count; i++) _read[missing[i].ContentHash] = read[i];
            return [.. caseStudies.Select(c => _read[c.ContentHash])];
        }
    }

    private async Task<IReadOnlyList<HeldOutSuggestion>> HeldOutAsync(CancellationToken ct)
    {
        var (reader, state) = await PrepareAsync(ct);
        await _changing.WaitAsync(ct);
        try
        {
            if (_heldOut?.Version != state.Tagger.Version)
                _heldOut = (state.Tagger.Version, TaggingCrossValidation.Run(reader, state.Examples, TaggingPrior.Shipped, folds: 5, repeats: 1, Seed));
            return _heldOut.Value.Runs;
        }
        finally
        {
            _changing.Release();
        }
    }

    private static IReadOnlyList<string?> Readers(LabelledText text, string id)
    {
        if (text.CaseStudy.Extra?.TryGetValue("tags", out var tags) != true) return [];
        if (!tags.TryGetProperty(id, out var tag)) return ["no", "no"];
        return tag.TryGetProperty("readers", out var readers) ? [.. readers.EnumerateArray().Select(r => r.GetInt32() > 0 ? "yes" : "no")] : [];
    }
}
