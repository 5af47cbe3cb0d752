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

/// <summary>What suggestions depend on.</summary>
/// <param name="Key">Hash of program, principles, labels, model, decisions and the texts decided on.</param>
internal sealed record TagBasis(string Decisions, CorpusIndex Index, IReadOnlyList<StaffDecision> Standing, string Key);

/// <summary>A trained tagger and what it was trained on.</summary>
/// <param name="Key">Of the basis.</param>
internal sealed record TaggerState(string Key, Tagger Tagger, IReadOnlyList<TaggingExample> Examples);

/// <summary>The tagger as it is trained now: on the readers' labels and staff's decisions.</summary>
/// <remarks>Safe for concurrent use. The first call trains it (about a second); a decision changes the next suggestion for any one text at once.</remarks>
public sealed class TrainedTagger(
    IEmbeddingGenerator<string, Embedding<float>> embeddings, SearchCorpus corpus, ITagDecisions decisions, ITagSuggestions book, PrincipleCatalogue catalogue, TaggingLabels labels) : IDisposable
{
    internal const int Seed = 1;

    private readonly SemaphoreSlim _training = new(1, 1);
    private TaggableTextReader? _reader;
    private IReadOnlyList<(LabelledText Labelled, TaggingExample Example)> _labelled = [];
    private volatile TagBasis? _basis;
    private volatile TaggerState? _state;

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

    public void Dispose() => _training.Dispose();

    /// <summary>The readers' labels; empty before the first training.</summary>
    internal IReadOnlyList<LabelledText> Labelled => [.. _labelled.Select(l => l.Labelled)];

    internal IReadOnlyList<TaggingExample> ReaderExamples => [.. _labelled.Select(l => l.Example)];

    internal async Task<TagBasis> CurrentAsync(CancellationToken ct)
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

    /// <summary>Holds the tagger with decisions against the one without; when it is worse, suggestions come from the one without.</summary>
    internal async Task<DecisionComparison> CompareAsync(TagBasis basis, CancellationToken ct)
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

    internal async Task<(TaggableTextReader Reader, TaggerState State)> TrainAsync(TagBasis basis, CancellationToken ct)
    {
        if (_reader is { } ready && _state is { } current && current.Key == basis.Key) return (ready, current);
        await _training.WaitAsync(ct);
        try
        {
            if (_reader is null)
            {
                var reader = await TaggableTextReader.CreateAsync(catalogue, embeddings, ct);
                var labelled = CaseStudyFile.ReadLabels(labels.Path);
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

    private static TaggerState Trained(TaggableTextReader reader, string key, IReadOnlyList<TaggingExample> examples) =>
        new(key, TaggerTrainer.Train(reader, examples, TaggingPrior.Shipped), examples);

    private static bool IsStored(CorpusIndex index, CaseStudy caseStudy) =>
        index.Find(caseStudy.Slug)?.CaseStudy is { } stored && stored.Text == caseStudy.Text && stored.Title == caseStudy.Title;

    /// <summary>The readers' labels with the standing decisions laid over them.</summary>
    private async Task<IReadOnlyList<TaggingExample>> MergeAsync(TaggableTextReader reader, TagBasis basis, CancellationToken ct)
    {
        var decided = basis.Standing.Select(d => d.Slug).Distinct(StringComparer.Ordinal).Select(basis.Index.Find).OfType<IndexedCaseStudy>().ToList();
        var read = await reader.ReadAsync(decided, ct);
        return DecisionLearning.Merge(ReaderExamples, basis.Standing, read.Index().ToDictionary(r => decided[r.Index].CaseStudy.Slug, r => r.Item, StringComparer.Ordinal));
    }
}
