using CoopAI.Adapters.Models;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using Microsoft.Extensions.AI;

namespace CoopAI.Tests.Core.Retrieval;

public sealed class RetrieverTests
{
    private static readonly CaseStudy[] Corpus =
    [
        Study("a-bins", "Bins after the contract", "Aville Council", 2020, ["waste"], "The council emptied bins itself again. Recycling rose at once."),
        Study("b-bins", "Recycling rounds", "Aville Council", 2021, ["waste", "local jobs"], "Rubbish is collected by a council company. Bins are emptied weekly."),
        Study("c-bins", "Refuse and recycling", "Beeborough Borough Council", null, ["waste"], "Refuse crews and residents planned new bins rounds together."),
        Study("d-pool", "The swimming pool trust", "Ceeford City Council", 2019, ["leisure"], "Swimmers run the pool through a trust. The gym makes money."),
        Study("e-food", "The pantry", "Deeham Council", 2022, ["food", "local jobs"], "A pantry offers groceries and cooking lessons to members."),
    ];

    [Fact]
    public async Task The_case_study_that_speaks_of_it_comes_first()
    {
        // The stand-in for an encoder gives other cosines than the one that the floor was chosen for; the next test asks that one.
        var result = await SearchAsync(new SearchRequest("swimming pool run by a trust"), new RetrievalOptions { Floor = 1e-9 });

        Assert.Equal("d-pool", result.Hits[0].CaseStudy.Slug);
        Assert.All(result.Hits, h => Assert.InRange(h.Score, result.Floor, 1));
        Assert.All(result.NearMisses, h => Assert.True(h.Score < result.Floor));
        Assert.Equal(result.Hits.Select(h => h.Score).OrderDescending(), result.Hits.Select(h => h.Score));
    }

    [Fact]
    public async Task With_the_shipped_encoder_what_is_asked_for_passes_the_floor_and_what_nobody_tells_does_not()
    {
        using var encoder = new OnnxEmbeddingGenerator();
        var (retriever, _, _) = await CreateAsync(new RetrievalOptions(), Corpus, encoder);

        var found = await retriever.SearchAsync(new SearchRequest("swimming pool run by a trust"), TestContext.Current.CancellationToken);
        var nothing = await retriever.SearchAsync(new SearchRequest("How do black holes bend light?"), TestContext.Current.CancellationToken);

        Assert.Equal("d-pool", found.Hits[0].CaseStudy.Slug);
        Assert.Empty(nothing.Hits);
    }

    [Theory]
    [InlineData(49_999, null)]
    [InlineData(50_000, "holds 50,000 passages; from 50,000 on Qdrant is advised")]
    public void The_embedded_store_says_at_which_size_to_move(long passages, string? says)
    {
        var advice = EmbeddedPassageStore.AdviceFor(passages);

        if (says is null) Assert.Null(advice);
        else Assert.Contains(says, advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_word_for_the_same_thing_finds_it()
    {
        var result = await SearchAsync(new SearchRequest("food bank"), new RetrievalOptions { Floor = 0 });

        Assert.Equal("e-food", result.Hits[0].CaseStudy.Slug);
    }

    [Fact]
    public async Task A_hit_shows_its_passage_and_the_sentence_that_fits_best()
    {
        var result = await SearchAsync(new SearchRequest("who makes money with a gym?"), new RetrievalOptions { Floor = 0 });
        var passage = Assert.Single(result.Hits.Single(h => h.CaseStudy.Slug == "d-pool").Passages);

        Assert.Equal("d-pool#0", passage.Passage.Id);
        Assert.InRange(passage.Score, 0, 1);
        Assert.Equal("The gym makes money.", passage.BestSentence!.Value.In(result.Hits[0].CaseStudy.Text));
    }

    [Fact]
    public async Task A_floor_of_one_leaves_only_near_misses()
    {
        var result = await SearchAsync(new SearchRequest("bins"), new RetrievalOptions { Floor = 1, NearMisses = 2 });

        Assert.Empty(result.Hits);
        Assert.Equal(2, result.NearMisses.Count);
        Assert.Empty(result.Facets.Topics);
        Assert.Equal(0, result.Coverage.Share);
    }

    [Fact]
    public async Task A_short_council_name_filters_and_an_unknown_one_finds_nothing()
    {
        var known = await SearchAsync(new SearchRequest("bins", new SearchFilter(Councils: ["aville"])), new RetrievalOptions { Floor = 0 });
        var unknown = await SearchAsync(new SearchRequest("bins", new SearchFilter(Councils: ["Zedtown"])), new RetrievalOptions { Floor = 0 });

        Assert.Equal(["a-bins", "b-bins"], known.Hits.Select(h => h.CaseStudy.Slug).Order());
        Assert.Empty(unknown.Hits);
    }

    [Fact]
    public async Task Each_facet_is_counted_without_its_own_filter()
    {
        var result = await SearchAsync(
            new SearchRequest("bins", new SearchFilter(Councils: ["Aville"], YearFrom: 2021)), new RetrievalOptions { Floor = 0 });

        Assert.Equal("b-bins", Assert.Single(result.Hits).CaseStudy.Slug);
        // Councils: the year filter alone leaves b (2021) and e (2022). Years: the council filter alone leaves a and b.
        Assert.Equal([new FacetCount("Aville Council", 1), new FacetCount("Deeham Council", 1)], result.Facets.Councils);
        Assert.Equal([new FacetCount("2021", 1), new FacetCount("2020", 1)], result.Facets.Years);
        Assert.Equal([new FacetCount("local jobs", 1), new FacetCount("waste", 1)], result.Facets.Topics);
    }

    [Fact]
    public async Task One_council_gets_no_more_than_its_share_of_the_top_and_nothing_is_lost()
    {
        var options = new RetrievalOptions { Floor = 0, CouncilShare = 0.25 };

        var hits = (await SearchAsync(new SearchRequest("bins", Top: 4), options)).Hits.Select(h => h.CaseStudy.LeadMember).ToList();
        var all = (await SearchAsync(new SearchRequest("bins"), options)).Hits;

        Assert.Single(hits, "Aville Council");
        Assert.Equal(5, all.Count);
    }

    [Fact]
    public async Task Equal_scores_are_ordered_by_slug()
    {
        var twins = new[] { "z", "m", "a" }.Select(slug => Study(slug, "Same", "Aville Council", 2020, ["waste"], "The same bins.")).ToArray();

        var result = await SearchAsync(new SearchRequest("bins"), new RetrievalOptions { Floor = 0, CouncilShare = 1 }, twins);

        Assert.Equal(["a", "m", "z"], result.Hits.Select(h => h.CaseStudy.Slug));
    }

    [Fact]
    public async Task The_store_is_asked_however_few_case_studies_there_are_and_only_what_it_brings_is_ranked()
    {
        var (retriever, store) = await OverAsync(new RetrievalOptions { Floor = 0 });
        store.Answer = query => new HybridHits([new("d-pool#0", "d-pool", 1), new("gone#0", "gone", 1)], []);

        var result = await retriever.SearchAsync(new SearchRequest("recycling bins"), TestContext.Current.CancellationToken);

        Assert.Equal(["d-pool"], result.Hits.Select(h => h.CaseStudy.Slug));
        Assert.Single(store.Asked);
        Assert.Equal(new StoreUse("elsewhere"), result.Store);
    }

    [Fact]
    public async Task A_filter_is_asked_for_too_and_for_facets_without_each_of_its_fields()
    {
        var (retriever, store) = await OverAsync(new RetrievalOptions { Floor = 0 });
        var filter = new SearchFilter(Topics: ["waste"], YearFrom: 2021);

        await retriever.SearchAsync(new SearchRequest("bins", filter, Facets: false), TestContext.Current.CancellationToken);
        Assert.Equal([SearchFilter.None, filter], store.Asked.Select(q => q.Filter));
        store.Asked.Clear();
        await retriever.SearchAsync(new SearchRequest("bins", filter), TestContext.Current.CancellationToken);

        Assert.Equal([SearchFilter.None, filter, filter with { YearFrom = null }, filter with { Topics = null }], store.Asked.Select(q => q.Filter));
    }

    [Fact]
    public async Task A_store_that_is_away_or_empty_ends_the_search_unless_memory_may_answer_and_then_the_result_says_so()
    {
        var (refusing, store) = await OverAsync(new RetrievalOptions { Floor = 0 });
        var (falling, other) = await OverAsync(new RetrievalOptions { Floor = 0, FallBack = true });
        foreach (var answer in (Func<HybridQuery, HybridHits>[])[_ => throw new PassageStoreUnavailableException(PassageStoreFault.Away, "Away."), _ => new([], [])])
        {
            store.Answer = other.Answer = answer;

            await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => refusing.SearchAsync(new SearchRequest("bins"), TestContext.Current.CancellationToken));
            var result = await falling.SearchAsync(new SearchRequest("bins"), TestContext.Current.CancellationToken);

            Assert.Equal(new StoreUse("embedded", "elsewhere"), result.Store);
            Assert.Equal(5, result.Hits.Count);
        }
    }

    [Fact]
    public async Task Coverage_names_the_words_and_phrases_that_no_hit_holds()
    {
        var result = await SearchAsync(new SearchRequest("\"blockchain bins\" and local jobs for residents"), new RetrievalOptions { Floor = 0 });

        var words = result.Coverage.Words.ToDictionary(w => w.Word);
        Assert.Equal(["blockchain", "bins", "local", "jobs", "residents"], result.Coverage.Words.Select(w => w.Word));
        Assert.Empty(words["blockchain"].FoundIn);
        Assert.Equal(["a-bins", "b-bins", "c-bins"], words["bins"].FoundIn.Order());
        Assert.Equal(1, words["bins"].Nearest);
        var phrases = result.Coverage.Phrases.ToDictionary(p => p.Phrase, p => p.FoundIn.Order().ToArray());
        Assert.Empty(phrases["blockchain bins"]);
        Assert.Equal(["b-bins", "e-food"], phrases["local jobs"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    public async Task An_empty_question_is_refused(string text)
    {
        await Assert.ThrowsAsync<BadInputException>(() => SearchAsync(new SearchRequest(text)));
    }

    [Fact]
    public async Task A_question_over_the_limit_or_a_wrong_number_of_hits_is_refused()
    {
        Assert.Contains("2001", (await Assert.ThrowsAsync<BadInputException>(() => SearchAsync(new SearchRequest(new string('a', 2001))))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BadInputException>(() => SearchAsync(new SearchRequest("bins", Top: 0)));
        await Assert.ThrowsAsync<BadInputException>(() => SearchAsync(new SearchRequest("bins", Top: 101)));
    }

    [Theory]
    [InlineData("?!…")]
    [InlineData("what is it?")]
    [InlineData("\uD800 \u0000 bins")]
    [InlineData("🗑️🗑️")]
    public async Task Odd_questions_get_finite_scores(string text)
    {
        var result = await SearchAsync(new SearchRequest(text), new RetrievalOptions { Floor = 0 });

        Assert.Equal(5, result.Hits.Count);
        Assert.All(result.Hits, h => Assert.True(double.IsFinite(h.Score)));
    }

    [Fact]
    public async Task An_empty_corpus_answers_with_nothing()
    {
        var result = await SearchAsync(new SearchRequest("bins"), null, []);

        Assert.Empty(result.Hits);
        Assert.Empty(result.NearMisses);
    }

    [Fact]
    public async Task Similar_case_studies_leave_out_the_one_itself()
    {
        var (retriever, indexer, _) = await CreateAsync(new RetrievalOptions(), Corpus);

        var similar = retriever.Similar("a-bins");
        var draft = await retriever.SimilarToDraftAsync(Study("draft", "Pools", null, null, [], "A trust runs the swimming pool."), indexer, 2, TestContext.Current.CancellationToken);

        Assert.Equal(4, similar.Count);
        Assert.DoesNotContain(similar, h => h.CaseStudy.Slug == "a-bins");
        Assert.Contains(similar[0].CaseStudy.Slug, new[] { "b-bins", "c-bins" });
        Assert.Equal("d-pool", draft[0].CaseStudy.Slug);
        Assert.Equal(2, draft.Count);
        Assert.Throws<BadInputException>(() => retriever.Similar("nowhere"));
    }

    [Fact]
    public async Task An_index_changed_step_by_step_equals_one_built_at_once()
    {
        var (_, indexer, corpus) = await CreateAsync(new RetrievalOptions(), Corpus[..3]);
        var rest = await indexer.IndexAsync(Corpus[3..], TestContext.Current.CancellationToken);
        var embedding = new float[WordEncoder.Dimension];

        corpus.Change(rest, ["b-bins", "unknown"]);
        var atOnce = CorpusIndex.Build(await indexer.IndexAsync([.. Corpus.Where(c => c.Slug != "b-bins")], TestContext.Current.CancellationToken));

        Assert.Equal(["a-bins", "c-bins", "d-pool", "e-food"], corpus.Current.CaseStudies.Select(c => c.CaseStudy.Slug));
        using var askedAtOnce = atOnce.Prepare("bins and pools", embedding);
        using var asked = corpus.Current.Prepare("bins and pools", embedding);
        var (expected, actual) = (new RankingFeatures[4], new RankingFeatures[4]);
        atOnce.Compare(askedAtOnce, [0, 1, 2, 3], expected);
        corpus.Current.Compare(asked, [0, 1, 2, 3], actual);
        Assert.Equal(expected, actual);
        Assert.Contains(expected, f => f.Lexical > 0 && f.Terms > 0 && f.Length > 0);
    }

    [Fact]
    public async Task A_slug_that_comes_twice_is_refused()
    {
        var indexed = await new CaseStudyIndexer(new PassageChunker(), new WordEncoder()).IndexAsync([Corpus[0], Corpus[0]], TestContext.Current.CancellationToken);

        Assert.Throws<ArgumentException>(() => CorpusIndex.Build(indexed));
    }

    [Fact]
    public async Task Indexing_encodes_equal_texts_once_and_keeps_sentences_and_passages_apart()
    {
        var encoder = new WordEncoder();
        var studies = new[] { Study("x", "Bins", null, null, [], "One. Two."), Study("y", "Bins", null, null, ["waste", "jobs"], "One.") };

        var indexed = await new CaseStudyIndexer(new PassageChunker(), encoder).IndexAsync(studies, TestContext.Current.CancellationToken);

        Assert.Equal(["Bins", "One.", "One. Two.", "Two.", "waste, jobs"], encoder.Seen.Order(StringComparer.Ordinal));
        Assert.Equal(["One.", "Two."], indexed[0].Sentences.Select(s => s.In("One. Two.")));
        Assert.All(indexed[0].TopicsEmbedding.ToArray(), x => Assert.Equal(0, x));
        Assert.Equal(2, indexed[0].SentenceEmbeddings.Count);
    }

    private static async Task<SearchResult> SearchAsync(SearchRequest request, RetrievalOptions? options = null, CaseStudy[]? corpus = null)
    {
        var (retriever, _, _) = await CreateAsync(options ?? new RetrievalOptions(), corpus ?? Corpus);
        return await retriever.SearchAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<(Retriever Retriever, CaseStudyIndexer Indexer, SearchCorpus Corpus)> CreateAsync(
        RetrievalOptions options, CaseStudy[] caseStudies, IEmbeddingGenerator<string, Embedding<float>>? encoder = null)
    {
        encoder ??= new WordEncoder();
        var indexer = new CaseStudyIndexer(new PassageChunker(), encoder);
        var indexed = await indexer.IndexAsync(caseStudies, TestContext.Current.CancellationToken);
        var (corpus, store) = (new SearchCorpus(), new EmbeddedPassageStore(indexed.Count == 0 ? WordEncoder.Dimension : indexed[0].TitleEmbedding.Length));
        corpus.Replace(indexed);
        await store.UpsertAsync(
            [.. indexed.Select(i => new StoredCaseStudy(i.CaseStudy, [.. i.Passages.Select((p, n) => new StoredPassage(p, i.PassageEmbeddings[n], LexicalModel.ForPassage(i.CaseStudy, p)))]))],
            TestContext.Current.CancellationToken);
        return (new Retriever(corpus, store, encoder, options), indexer, corpus);
    }

    private static async Task<(Retriever Retriever, ScriptedStore Store)> OverAsync(RetrievalOptions options)
    {
        var (corpus, store) = (new SearchCorpus(), new ScriptedStore());
        corpus.Replace(await new CaseStudyIndexer(new PassageChunker(), new WordEncoder()).IndexAsync(Corpus, TestContext.Current.CancellationToken));
        return (new Retriever(corpus, store, new WordEncoder(), options), store);
    }

    private static CaseStudy Study(string slug, string title, string? council, int? year, string[] topics, string text) =>
        new() { Slug = slug, Title = title, LeadMember = council, Year = year, Topics = topics, Text = text };

    /// <summary>Answers as it is told and remembers what it was asked.</summary>
    private sealed class ScriptedStore : IPassageStore
    {
        public Func<HybridQuery, HybridHits> Answer { get; set; } = _ => new HybridHits([new("a-bins#0", "a-bins", 1)], []);

        public List<HybridQuery> Asked { get; } = [];

        public string Name => "elsewhere";

        public bool IsDurable => true;

        public ValueTask<PassageStoreStatus> GetStatusAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task UpsertAsync(IReadOnlyList<StoredCaseStudy> caseStudies, CancellationToken ct) => throw new NotSupportedException();

        public Task DeleteAsync(IReadOnlyCollection<string> slugs, CancellationToken ct) => throw new NotSupportedException();

        public Task<HybridHits> SearchAsync(HybridQuery query, CancellationToken ct)
        {
            Asked.Add(query);
            return Task.FromResult(Answer(query));
        }
    }

    /// <summary>Counts words into hashed places: texts that share words are near each other.</summary>
    private sealed class WordEncoder : IEmbeddingGenerator<string, Embedding<float>>
    {
        public const int Dimension = 64;

        public List<string> Seen { get; } = [];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(Encode(v)))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private float[] Encode(string text)
        {
            Seen.Add(text);
            var vector = new float[Dimension];
            foreach (var stem in LexicalModel.Count(text).Keys) vector[LexicalModel.TermId(stem) % Dimension] += 1;
            var length = MathF.Sqrt(vector.Sum(x => x * x));
            return [.. vector.Select(x => length > 0 ? x / length : 0)];
        }
    }
}
