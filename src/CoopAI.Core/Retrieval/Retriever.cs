using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.RegularExpressions;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Ranking;
using CoopAI.Core.Tagging;
using CoopAI.Core.Vectors;
using Microsoft.Extensions.AI;

namespace CoopAI.Core.Retrieval;

/// <summary>Finds the case studies that answer a question.</summary>
/// <remarks>
/// The store is asked at every size: it brings candidates by its dense and its lexical ranking, the re-ranker scores each case study of
/// theirs, and the scores are cut at the floor. Equal scores are ordered by slug, ordinally. Safe for concurrent use.
/// </remarks>
public sealed partial class Retriever(SearchCorpus corpus, IPassageStore store, IEmbeddingGenerator<string, Embedding<float>> encoder, RetrievalOptions options, ITagBook? tags = null, TimeProvider? clock = null, Action<TimeSpan, bool>? searched = null)
{
    // A hit is as much a matter of words as of meaning; the two halves weigh alike where no judgements exist (single passages and sentences).
    private const double CosineShare = 0.5;

    /// <summary>Fewer case studies than this are not worth a second thread.</summary>
    private const int LeastPart = 128;

    /// <summary>Case studies compared at a time: enough to read their embeddings in one go, few enough to keep the results on the stack.</summary>
    private const int Chunk = 64;

    private readonly RankingModel _model = RankingModel.Shipped;

    /// <summary>Of the model that encodes questions; empty: it does not say.</summary>
    internal string EncoderId { get; } = (encoder.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata)?.DefaultModelId ?? "";

    /// <summary>Searches, with filters, floor, facets and the cap on one council's share.</summary>
    /// <exception cref="BadInputException">The text is empty or too long, or <see cref="SearchRequest.Top"/> lies outside 1 to 100.</exception>
    /// <exception cref="PassageStoreUnavailableException">The store is away or holds nothing, and <see cref="RetrievalOptions.FallBack"/> is not set.</exception>
    public async Task<SearchResult> SearchAsync(SearchRequest request, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var text = Checked(request.Text);
        var top = request.Top ?? options.Top;
        if (top is < 1 or > RetrievalOptions.MaxTop)
            throw new BadInputException($"{top} hits were asked for; ask for 1 to {RetrievalOptions.MaxTop}.");

        var started = clock?.GetTimestamp() ?? 0;
        var index = await corpus.CurrentAsync(ct);
        var filter = Resolve(request.Filter ?? SearchFilter.None, index);
        var embedding = await EncodeAsync(text, ct);
        using var question = index.Prepare(text, embedding);
        var (places, answeredBy) = await PlacesAsync(text, embedding, index, FiltersOf(filter, request.Facets), ct);
        if (filter is { Standing: not null, Principles.Count: > 0 })
            places = [.. places.Union(Enumerable.Range(0, index.CaseStudies.Count).Where(place => filter.Matches(index.CaseStudies[place].CaseStudy))).Order()];
        var ranked = Rank(question, index, places, ct);
        var floor = options.Floor ?? _model.Floor;
        var relevant = ranked.Where(r => r.Score >= floor).ToList();
        var matching = relevant.Where(r => filter.Matches(index.CaseStudies[r.Place].CaseStudy)).ToList();
        var capped = filter.Councils is { Count: > 0 } ? matching : Cap(matching, top, index);
        var hits = capped.Take(top).Select(r => Hit(index, question, r)).ToList();
        var nearMisses = ranked.Where(r => r.Score < floor && filter.Matches(index.CaseStudies[r.Place].CaseStudy))
            .Take(options.NearMisses).Select(r => Hit(index, question, r)).ToList();
        if (clock is not null) searched?.Invoke(clock.GetElapsedTime(started), hits.Count > 0);
        return new SearchResult(
            text, hits, nearMisses, request.Facets ? index.Facets.Count([.. relevant.Select(r => r.Place)], filter) : SearchFacets.None, Cover(index, text, question, hits), floor)
        { Store = answeredBy };
    }

    /// <summary>The plain ranking of all candidates, without floor, filter or cap: what evaluation measures.</summary>
    /// <param name="top">At least 1.</param>
    public async Task<IReadOnlyList<(string Slug, double Score)>> RankAsync(string text, int top, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var index = await corpus.CurrentAsync(ct);
        var embedding = await EncodeAsync(Checked(text), ct);
        using var question = index.Prepare(text, embedding);
        var (places, _) = await PlacesAsync(text, embedding, index, [SearchFilter.None], ct);
        return [.. Rank(question, index, places, ct).Take(top).Select(r => (index.CaseStudies[r.Place].CaseStudy.Slug, r.Score))];
    }

    /// <summary>The question's embedding, the scores of the case studies that fit it best and who brought them, without floor or cap: for those who weigh the evidence themselves.</summary>
    /// <param name="top">At least 1.</param>
    /// <exception cref="BadInputException">The text is empty or too long.</exception>
    internal async Task<(ReadOnlyMemory<float> Embedding, IReadOnlyDictionary<string, double> Scores, StoreUse Store)> ScoreAsync(string text, SearchFilter filter, int top, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var index = await corpus.CurrentAsync(ct);
        var resolved = Resolve(filter, index);
        var embedding = await EncodeAsync(Checked(text), ct);
        using var question = index.Prepare(text, embedding);
        var (places, answeredBy) = await PlacesAsync(text, embedding, index, resolved.IsEmpty ? [resolved] : [SearchFilter.None, resolved], ct);
        return (embedding, Rank(question, index, places, ct).Where(r => resolved.Matches(index.CaseStudies[r.Place].CaseStudy)).Take(top)
            .ToDictionary(r => index.CaseStudies[r.Place].CaseStudy.Slug, r => r.Score, StringComparer.Ordinal), answeredBy);
    }

    /// <summary>The case studies most like a given one, best first, itself left out.</summary>
    /// <exception cref="BadInputException">No case study has this slug.</exception>
    public IReadOnlyList<SearchHit> Similar(string slug, int top = 10)
    {
        var index = corpus.Current;
        var source = index.Find(slug) ?? throw new BadInputException($"There is no case study named {slug}.");
        return Similar(index, source, top);
    }

    /// <summary>The case studies most like a draft text, best first.</summary>
    /// <exception cref="BadInputException">The draft has no words.</exception>
    public async Task<IReadOnlyList<SearchHit>> SimilarToDraftAsync(CaseStudy draft, CaseStudyIndexer indexer, int top = 10, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(indexer);
        if (!SearchWords.Split(draft.Text).Any()) throw new BadInputException("The draft has no words to compare.");
        var indexed = await indexer.IndexAsync([draft], ct);
        return Similar(await corpus.CurrentAsync(ct), indexed[0], top);
    }

    private IReadOnlyList<SearchHit> Similar(CorpusIndex index, IndexedCaseStudy source, int top)
    {
        var mean = new float[source.TitleEmbedding.Length];
        foreach (var embedding in source.PassageEmbeddings.DefaultIfEmpty(source.TitleEmbedding)) TensorPrimitives.Add(mean, embedding.Span, mean);
        var length = TensorPrimitives.Norm<float>(mean);
        if (length > 0) TensorPrimitives.Divide(mean, length, mean);
        using var question = index.Prepare(LexicalModel.Fields(source.CaseStudy, source.CaseStudy.Text), mean);
        int[] others = [.. Enumerable.Range(0, index.CaseStudies.Count).Where(place => index.CaseStudies[place].CaseStudy.Slug != source.CaseStudy.Slug)];
        var compared = Compare(index, question, others, f => (f.Passage, f.Terms));
        // Two whole texts share more than a question and a text, so the floor's calibration does not fit. Each part counts by how far it stands out among all case studies.
        double[][] parts = [StandingOut([.. compared.Select(c => c.Passage)]), StandingOut([.. compared.Select(c => c.Terms)]), StandingOut(TopicLikeness(index, source.CaseStudy.Topics, others))];
        return [.. others.Select((place, i) => new Ranked(place, 1 / (1 + Math.Exp(-parts.Average(p => p[i])))))
            .OrderByDescending(r => r.Score).ThenBy(r => r.Place).Take(top)
            .Select(r => Hit(index, question, r))];
    }

    /// <summary>Each value as standard deviations above the mean; 0 for all when they are alike.</summary>
    private static double[] StandingOut(double[] values)
    {
        if (values.Length == 0) return values;
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return [.. values.Select(v => deviation > 1e-9 ? (v - mean) / deviation : 0)];
    }

    /// <summary>Cosine of the topics' words, rare ones weighing more, in [0, 1]; 0 without topics.</summary>
    private static double[] TopicLikeness(CorpusIndex index, IReadOnlyList<string> topics, int[] places)
    {
        var words = places.Select(p => Stems(index.CaseStudies[p].CaseStudy.Topics)).ToArray();
        var own = Stems(topics);
        var counts = words.Append(own).SelectMany(w => w).GroupBy(w => w, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var length = Length(own);
        return [.. words.Select(w => w.Count == 0 || own.Count == 0 ? 0 : w.Where(own.Contains).Order(StringComparer.Ordinal).Sum(s => Weight(s) * Weight(s)) / (Length(w) * length))];

        double Weight(string stem) => Math.Log((words.Length + 2.0) / counts[stem]);
        double Length(HashSet<string> of) => Math.Sqrt(of.Order(StringComparer.Ordinal).Sum(s => Weight(s) * Weight(s)));
        static HashSet<string> Stems(IReadOnlyList<string> topics) => [.. topics.SelectMany(SearchWords.Split).Select(StemmedWords.Stem)];
    }

    private static string Checked(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text)) throw new BadInputException("The question is empty. Ask in a few words or a sentence.");
        if (text.Length > RetrievalOptions.MaxQuestionLength)
        {
            throw new BadInputException(string.Create(CultureInfo.InvariantCulture,
                $"The question has {text.Length} characters; at most {RetrievalOptions.MaxQuestionLength} are read. Shorten it."));
        }

        return text;
    }

    private async Task<ReadOnlyMemory<float>> EncodeAsync(string text, CancellationToken ct) => (await encoder.GenerateAsync([text], EmbeddedQuestion.Options, ct))[0].Vector;

    /// <summary>Which candidates a search needs: the question's own, those that pass the filter however narrow, and for each facet those that pass the other fields.</summary>
    private static List<SearchFilter> FiltersOf(SearchFilter filter, bool facets)
    {
        List<SearchFilter> filters = [SearchFilter.None];
        // A store knows published principles only; whose principles stand otherwise is looked at in memory.
        if (filter.Standing is not null) filter = filter with { Principles = null, Standing = null };
        if (filter.IsEmpty) return filters;
        filters.Add(filter);
        if (!facets) return filters;
        SearchFilter[] others =
        [
            filter with { Principles = null }, filter with { Councils = null }, filter with { YearFrom = null, YearTo = null },
            filter with { Kinds = null }, filter with { Topics = null },
        ];
        // A field that does not filter leaves the filter as it is.
        filters.AddRange(others.Where(f => f != filter && !f.IsEmpty));
        return filters;
    }

    /// <summary>The case studies that the store brings, ascending; or all of them, when it is away and that is allowed.</summary>
    private async Task<(int[] Places, StoreUse Store)> PlacesAsync(
        string text, ReadOnlyMemory<float> embedding, CorpusIndex index, IReadOnlyList<SearchFilter> filters, CancellationToken ct)
    {
        if (index.CaseStudies.Count == 0) return ([], new StoreUse(store.Name));
        try
        {
            var words = LexicalModel.ForQuestion(text, index.Statistics);
            var found = await Task.WhenAll(filters.Select(f => store.SearchAsync(new HybridQuery(embedding, words, f, options.CandidatesPerRetriever), ct)));
            if (found[0].Dense.Count == 0 && found[0].Lexical.Count == 0 && !embedding.IsEmpty)
            {
                // Every passage has a place in an unfiltered dense ranking, so the store holds none at all.
                throw new PassageStoreUnavailableException(
                    PassageStoreFault.NotBuilt, $"The passage store '{store.Name}' holds none of the {index.CaseStudies.Count} case studies. Build its index: coopai index rebuild.");
            }

            int[] places = [.. found.SelectMany(h => h.Dense.Concat(h.Lexical)).Select(p => p.Slug).Distinct(StringComparer.Ordinal).Select(index.PlaceOf).Where(place => place >= 0).Order()];
            return (places, new StoreUse(store.Name));
        }
        catch (PassageStoreUnavailableException) when (options.FallBack)
        {
            return ([.. Enumerable.Range(0, index.CaseStudies.Count)], new StoreUse(StoreUse.Embedded, store.Name));
        }
    }

    private List<Ranked> Rank(PreparedQuestion question, CorpusIndex index, int[] candidates, CancellationToken ct)
    {
        var weights = _model.WeightsFor(index.DomainShare);
        var compared = Compare(index, question, candidates, features => (Sum: features.Dot(weights), features.Terms), ct);
        var coverage = compared.Select(c => c.Terms).DefaultIfEmpty(0).Max();
        var ranked = candidates.Select((place, i) => new Ranked(place, _model.Calibration.Apply(compared[i].Sum, coverage))).ToList();
        ranked.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Place.CompareTo(b.Place));
        return ranked;
    }

    /// <summary>Compares the question with these case studies, side by side, and keeps of each what is wanted, in their order.</summary>
    private static T[] Compare<T>(CorpusIndex index, PreparedQuestion question, int[] places, Func<RankingFeatures, T> wanted, CancellationToken ct = default)
    {
        var compared = new T[places.Length];
        if (places.Length == 0) return compared;
        // A few large parts: one case study takes microseconds. Each place is written by one thread and read after all have finished.
        var part = Math.Max(LeastPart, (places.Length + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        Parallel.ForEach(Partitioner.Create(0, places.Length, part), new ParallelOptions { CancellationToken = ct }, range =>
        {
            Span<RankingFeatures> features = stackalloc RankingFeatures[Chunk];
            for (var from = range.Item1; from < range.Item2; from += Chunk)
            {
                var chunk = features[..Math.Min(Chunk, range.Item2 - from)];
                index.Compare(question, places.AsSpan(from, chunk.Length), chunk);
                for (var i = 0; i < chunk.Length; i++) compared[from + i] = wanted(chunk[i]);
            }
        });
        return compared;
    }

    private SearchFilter Resolve(SearchFilter filter, CorpusIndex index)
    {
        if (tags is not null) filter = filter with { Standing = tags.Standing() };
        if (filter.Councils is not { Count: > 0 } wanted) return filter;
        var stored = index.CaseStudies.SelectMany(c => c.CaseStudy.Councils).Distinct(StringComparer.Ordinal);
        // A name that fits none stays as typed: it must find nothing rather than everything.
        return filter with { Councils = [.. wanted.Concat(stored.Where(name => wanted.Any(w => CouncilTable.Default.Names(w, name)))).Distinct(StringComparer.OrdinalIgnoreCase)] };
    }

    private List<Ranked> Cap(List<Ranked> ranked, int top, CorpusIndex index)
    {
        var most = Math.Max(1, (int)Math.Floor(options.CouncilShare * Math.Min(top, ranked.Count)));
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var (kept, moved) = (new List<Ranked>(ranked.Count), new List<Ranked>());
        foreach (var hit in ranked)
        {
            var council = index.CaseStudies[hit.Place].CaseStudy.LeadMember;
            if (council is not null && counts.GetValueOrDefault(council) >= most)
            {
                moved.Add(hit);
                continue;
            }

            if (council is not null) counts[council] = counts.GetValueOrDefault(council) + 1;
            kept.Add(hit);
            if (kept.Count == top) return kept;
        }

        kept.AddRange(moved);
        return kept;
    }

    private SearchHit Hit(CorpusIndex index, PreparedQuestion question, Ranked ranked)
    {
        var source = index.CaseStudies[ranked.Place];
        var sentences = source.Sentences.Select((span, i) => (Span: span, Score: Fit(index.SentenceCosine(question, ranked.Place, i), index.SentenceWords(question, ranked.Place, i)))).ToList();
        var passages = source.Passages.Select((passage, i) => new PassageHit(
                passage,
                Fit(index.PassageCosine(question, ranked.Place, i), index.PassageWords(question, ranked.Place, i)),
                sentences.Where(s => s.Span.Start >= passage.Start && s.Span.End <= passage.Start + passage.Text.Length)
                    .OrderByDescending(s => s.Score).ThenBy(s => s.Span.Start).Select(s => (TextSpan?)s.Span).FirstOrDefault()))
            .OrderByDescending(p => p.Score).ThenBy(p => p.Passage.Ordinal).Take(options.PassagesPerHit).ToList();
        return new SearchHit(source.CaseStudy, ranked.Score, passages);

        static double Fit(double cosine, double words) => (CosineShare * Math.Clamp(cosine, 0, 1)) + ((1 - CosineShare) * words);
    }

    private static QuestionCoverage Cover(CorpusIndex index, string text, PreparedQuestion question, IReadOnlyList<SearchHit> hits)
    {
        var nearness = hits.Select(h => (h.CaseStudy.Slug, Near: question.NearnessTo(index.PlaceOf(h.CaseStudy.Slug)))).ToList();
        var order = SearchWords.Split(text).Distinct(StringComparer.Ordinal).Select((word, i) => (word, i)).ToDictionary(w => w.word, w => w.i, StringComparer.Ordinal);
        var words = question.Words.Select((word, i) => (Word: new WordCoverage(
            word.Word, [.. nearness.Where(n => n.Near[i] >= 1).Select(n => n.Slug)], nearness.Select(n => n.Near[i]).DefaultIfEmpty(0).Max()), word.Rarity)).ToList();

        words.Sort((a, b) => order[a.Word.Word].CompareTo(order[b.Word.Word]));
        var rarity = words.Sum(w => w.Rarity);
        return new QuestionCoverage(
            [.. words.Select(w => w.Word)],
            rarity > 0 ? words.Sum(w => w.Rarity * w.Word.Nearest) / rarity : 0,
            [.. MustHave(index, text).Select(phrase => new PhraseCoverage(phrase, [.. hits.Where(h => index.Holds(index.PlaceOf(h.CaseStudy.Slug), phrase)).Select(h => h.CaseStudy.Slug)]))]);
    }

    private static IEnumerable<string> MustHave(CorpusIndex index, string text) =>
        Quoted().Matches(text).Select(m => m.Groups[1].Value.Trim()).Where(p => p.Length > 1).Concat(index.TopicsNamedIn(text)).Distinct(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("[\"“]([^\"“”]{2,100})[\"”]")]
    private static partial Regex Quoted();

    private readonly record struct Ranked(int Place, double Score);
}
