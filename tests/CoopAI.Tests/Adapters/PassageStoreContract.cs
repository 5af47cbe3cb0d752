using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Tests.Adapters;

/// <summary>The contract of <see cref="IPassageStore"/>. Each adapter inherits every case.</summary>
/// <typeparam name="TStore">The adapter that is held to it; <see cref="PassageStoreContractTests"/> looks for one that is left out.</typeparam>
public abstract class PassageStoreContract<TStore>
    where TStore : IPassageStore
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A fresh, empty store of dimension 2.</summary>
    protected abstract Task<TStore> CreateEmptyAsync();

    [Fact]
    public async Task An_empty_store_answers_with_empty_rankings()
    {
        var store = await CreateEmptyAsync();

        var hits = await store.SearchAsync(Ask([1, 0], [(7, 1)]), Ct);
        var status = await store.GetStatusAsync(Ct);

        Assert.Empty(hits.Dense);
        Assert.Empty(hits.Lexical);
        Assert.Equal((0, 0), (status.CaseStudies, status.Passages));
    }

    [Fact]
    public async Task Scores_are_dot_products_of_the_stored_and_the_asked_vectors()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0], (3, 2f), (9, 0.5f)), P([0.6f, 0.8f], (9, 1.5f)))], Ct);

        var hits = await store.SearchAsync(Ask([0.8f, 0.6f], [(3, 0.25f), (9, 2)]), Ct);

        // 0.6 * 0.8 + 0.8 * 0.6 = 0.96; 2 * 0.25 + 0.5 * 2 = 1.5; 1.5 * 2 = 3.
        Assert.Equal(["a#1", "a#0"], hits.Dense.Select(h => h.PassageId));
        Assert.Equal([0.96, 0.8], hits.Dense.Select(h => Math.Round(h.Score, 6)));
        Assert.Equal(["a#1", "a#0"], hits.Lexical.Select(h => h.PassageId));
        Assert.Equal([3, 1.5], hits.Lexical.Select(h => Math.Round(h.Score, 6)));
        Assert.All(hits.Dense.Concat(hits.Lexical), h => Assert.Equal("a", h.Slug));
    }

    [Fact]
    public async Task A_passage_without_an_asked_term_or_with_no_positive_score_is_not_in_the_lexical_ranking()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0], (1, 1)), P([1, 0], (2, 1)), P([1, 0]), P([1, 0], (3, -1)))], Ct);

        var hits = await store.SearchAsync(Ask([1, 0], [(2, 1), (3, 1)]), Ct);

        Assert.Equal(["a#1"], hits.Lexical.Select(h => h.PassageId));
        Assert.Equal(4, hits.Dense.Count);
    }

    [Fact]
    public async Task An_empty_vector_asks_for_no_ranking()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0], (1, 1)))], Ct);

        var dense = await store.SearchAsync(Ask([1, 0], []), Ct);
        var lexical = await store.SearchAsync(Ask([], [(1, 1)]), Ct);
        var neither = await store.SearchAsync(Ask([], []), Ct);

        Assert.Equal((1, 0), (dense.Dense.Count, dense.Lexical.Count));
        Assert.Equal((0, 1), (lexical.Dense.Count, lexical.Lexical.Count));
        Assert.Equal((0, 0), (neither.Dense.Count, neither.Lexical.Count));
    }

    [Fact]
    public async Task Equal_scores_are_ordered_by_passage_id_even_where_the_ranking_is_cut()
    {
        var store = await CreateEmptyAsync();
        var slugs = Enumerable.Range(0, 150).Select(i => $"s{i:000}").ToList();
        await store.UpsertAsync([.. slugs.AsEnumerable().Reverse().Select(s => Item(s, P([1, 0], (1, 1))))], Ct);

        var hits = await store.SearchAsync(Ask([1, 0], [(1, 1)], top: 5), Ct);

        string[] first = ["s000#0", "s001#0", "s002#0", "s003#0", "s004#0"];
        Assert.Equal(first, hits.Dense.Select(h => h.PassageId));
        Assert.Equal(first, hits.Lexical.Select(h => h.PassageId));
    }

    [Fact]
    public async Task Passage_ids_are_compared_by_their_characters_not_by_language()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("b", P([1, 0])), Item("B", P([1, 0])), Item("a-b", P([1, 0])), Item("ab", P([1, 0])), Item("é", P([1, 0]))], Ct);

        var hits = await store.SearchAsync(Ask([1, 0], []), Ct);

        Assert.Equal(["B", "a-b", "ab", "b", "é"], hits.Dense.Select(h => h.Slug));
    }

    [Fact]
    public async Task Writing_a_case_study_again_replaces_all_its_passages()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0]), P([1, 0]), P([1, 0])), Item("b", P([1, 0]))], Ct);

        await store.UpsertAsync([Item("a", P([0, 1]))], Ct);

        var hits = await store.SearchAsync(Ask([0, 1], []), Ct);
        Assert.Equal([("a#0", 1d), ("b#0", 0d)], hits.Dense.Select(h => (h.PassageId, h.Score)));
        Assert.Equal(2, (await store.GetStatusAsync(Ct)).Passages);
    }

    [Fact]
    public async Task Writing_the_same_again_changes_nothing()
    {
        var store = await CreateEmptyAsync();
        var item = Item("a", P([1, 0], (1, 1)), P([0, 1], (2, 1)));
        await store.UpsertAsync([item], Ct);
        var before = await store.SearchAsync(Ask([0.6f, 0.8f], [(1, 1)]), Ct);

        await store.UpsertAsync([item], Ct);

        var after = await store.SearchAsync(Ask([0.6f, 0.8f], [(1, 1)]), Ct);
        Assert.Equal(before.Dense, after.Dense);
        Assert.Equal(before.Lexical, after.Lexical);
        Assert.Equal(2, (await store.GetStatusAsync(Ct)).Passages);
    }

    [Fact]
    public async Task A_case_study_without_passages_leaves_none_behind()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0])), Item("b", P([1, 0]))], Ct);

        await store.UpsertAsync([Item("a")], Ct);

        Assert.Equal(["b#0"], (await store.SearchAsync(Ask([1, 0], []), Ct)).Dense.Select(h => h.PassageId));
    }

    [Fact]
    public async Task Of_two_case_studies_with_one_slug_the_later_counts()
    {
        var store = await CreateEmptyAsync();

        await store.UpsertAsync([Item("a", P([1, 0]), P([1, 0])), Item("b", P([0, 1])), Item("a", P([0, 1]))], Ct);

        var hits = await store.SearchAsync(Ask([0, 1], []), Ct);
        Assert.Equal([("a#0", 1d), ("b#0", 1d)], hits.Dense.Select(h => (h.PassageId, h.Score)));
    }

    [Fact]
    public async Task Upsert_refuses_a_wrong_dimension_and_writes_nothing()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0]))], Ct);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => store.UpsertAsync([Item("b", P([1, 0])), Item("a", P([0, 1]), P([1, 0, 0]))], Ct));

        Assert.Contains("a#1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("3 dimensions", refused.Message, StringComparison.Ordinal);
        Assert.Equal([("a#0", 1d)], (await store.SearchAsync(Ask([1, 0], []), Ct)).Dense.Select(h => (h.PassageId, h.Score)));
    }

    [Fact]
    public async Task Upsert_refuses_duplicate_ids_foreign_passages_and_malformed_vectors_and_writes_nothing()
    {
        var store = await CreateEmptyAsync();
        var twice = Item("a", P([1, 0])) with { Passages = [.. Item("a", P([1, 0])).Passages, .. Item("a", P([0, 1])).Passages] };
        var foreign = Item("a", P([1, 0])) with { Passages = Item("b", P([1, 0])).Passages };
        StoredCaseStudy[] wrong =
        [
            twice, foreign, Item("a", P([float.NaN, 0])), Item("a", P([float.PositiveInfinity, 0])),
            Item("a", P([1, 0], (5, 1), (5, 1))), Item("a", P([1, 0], (5, 1), (4, 1))), Item("a", P([1, 0], (5, float.NaN))),
            Item("a", new Vectors([1, 0], new LexicalVector([1, 2], [1f]))),
        ];

        foreach (var item in wrong)
        {
            var refused = await Assert.ThrowsAsync<ArgumentException>(() => store.UpsertAsync([Item("good", P([1, 0])), item], Ct));
            Assert.Contains("#0", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty((await store.SearchAsync(Ask([1, 0], []), Ct)).Dense);
    }

    [Fact]
    public async Task Deleting_a_case_study_removes_all_its_passages()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0], (1, 1)), P([1, 0], (1, 1))), Item("ab", P([1, 0], (1, 1)))], Ct);

        await store.DeleteAsync(["a"], Ct);

        var hits = await store.SearchAsync(Ask([1, 0], [(1, 1)]), Ct);
        Assert.Equal(["ab#0"], hits.Dense.Select(h => h.PassageId));
        Assert.Equal(["ab#0"], hits.Lexical.Select(h => h.PassageId));
    }

    [Fact]
    public async Task Deleting_unknown_slugs_is_no_error()
    {
        var store = await CreateEmptyAsync();

        await store.DeleteAsync(["nobody"], Ct);
        await store.UpsertAsync([Item("a", P([1, 0]))], Ct);
        await store.DeleteAsync(["nobody", "nobody"], Ct);
        await store.DeleteAsync([], Ct);

        Assert.Equal(1, (await store.GetStatusAsync(Ct)).Passages);
    }

    [Fact]
    public async Task A_question_of_another_dimension_is_refused()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0]))], Ct);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => store.SearchAsync(Ask([1, 0, 0], []), Ct));

        Assert.Contains("3 dimensions", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fewer_than_one_hit_cannot_be_asked_for()
    {
        var store = await CreateEmptyAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.SearchAsync(Ask([1, 0], [], top: 0), Ct));
    }

    [Fact]
    public async Task A_cancelled_search_stops()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0]))], Ct);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.SearchAsync(Ask([1, 0], [(1, 1)]), cancelled.Token));
    }

    [Fact]
    public async Task Slugs_of_any_script_are_kept_apart()
    {
        var store = await CreateEmptyAsync();
        string[] slugs = ["caffè", "caffe\u0300", "кооператив", "協同組合", "co‑op–🏘️", "a\"b\\c", "%2F..", "'; --"];
        await store.UpsertAsync([.. slugs.Select(s => Item(s, P([1, 0])))], Ct);

        await store.DeleteAsync(["caffè"], Ct);

        var found = (await store.SearchAsync(Ask([1, 0], []), Ct)).Dense.Select(h => h.Slug);
        Assert.Equal(slugs[1..].Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task Fields_of_a_filter_are_joined_by_and_and_values_of_one_field_by_or_without_regard_to_case()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync(
            [
                Item("a", P([1, 0])) is var a ? a with { CaseStudy = a.CaseStudy with { LeadMember = "Oldham Council", Year = 2019, Principles = ["co-production"], Kind = "case-study", Topics = ["Housing"] } } : a,
                Item("b", P([1, 0])) is var b ? b with { CaseStudy = b.CaseStudy with { LeadMember = "Kirklees", ParticipatingMembers = ["Oldham Council"], Year = 2021, Principles = [], Kind = "project" } } : b,
                Item("c", P([1, 0])),
            ], Ct);

        Assert.Equal("a b", await FoundAsync(new(Councils: ["OLDHAM council"])));
        Assert.Equal("a b", await FoundAsync(new(Councils: ["kirklees", "oldham council"])));
        Assert.Equal("b", await FoundAsync(new(Councils: ["Oldham Council"], YearFrom: 2020)));
        Assert.Equal("a b", await FoundAsync(new(YearFrom: 2019, YearTo: 2021)));
        Assert.Equal("a", await FoundAsync(new(YearTo: 2020)));
        Assert.Equal("a", await FoundAsync(new(Principles: ["Co-Production", "other"])));
        Assert.Equal("b", await FoundAsync(new(Kinds: ["project"])));
        Assert.Equal("a", await FoundAsync(new(Topics: ["housing"])));
        Assert.Equal("", await FoundAsync(new(Topics: ["hous"])));
        Assert.Equal("a b c", await FoundAsync(new(Principles: [], Councils: [])));

        async Task<string> FoundAsync(SearchFilter filter) =>
            string.Join(' ', (await store.SearchAsync(Ask([1, 0], []) with { Filter = filter }, Ct)).Dense.Select(h => h.Slug));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Rankings_are_those_of_a_plain_sort_over_what_passes_the_filter(int seed)
    {
        var random = new Random(seed);
        var store = await CreateEmptyAsync();
        var items = Enumerable.Range(0, 40).Select(i => RandomItem(random, i)).ToList();
        await store.UpsertAsync(items, Ct);

        for (var round = 0; round < 12; round++)
        {
            var query = RandomQuery(random);
            var hits = await store.SearchAsync(query, Ct);

            Assert.True(Expected(items, query, p => Dot(query.Embedding.Span, p.Embedding.Span)).SequenceEqual(hits.Dense.Select(h => h.PassageId)), $"dense, seed {seed}, round {round}");
            Assert.True(Expected(items, query, p => Dot(query.Lexical, p.Lexical), positiveOnly: true).SequenceEqual(hits.Lexical.Select(h => h.PassageId)), $"lexical, seed {seed}, round {round}");
        }
    }

    [Fact]
    public async Task A_search_during_a_write_never_sees_a_passage_twice_nor_a_case_study_gone()
    {
        var store = await CreateEmptyAsync();
        await store.UpsertAsync([Item("a", P([1, 0]), P([1, 0]), P([1, 0]))], Ct);
        var writing = true;
        var searches = 0;
        var searching = Task.Run(async () =>
        {
            while (Volatile.Read(ref writing))
            {
                var ids = (await store.SearchAsync(Ask([1, 0], []), Ct)).Dense.Select(h => h.PassageId).ToList();
                Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
                Assert.Contains("a#0", ids);
                Interlocked.Increment(ref searches);
            }
        }, Ct);

        for (var i = 0; (i < 30 || Volatile.Read(ref searches) < 10) && !searching.IsCompleted; i++)
            await store.UpsertAsync([Item("a", [.. Enumerable.Range(0, 1 + (i % 3)).Select(k => P([1, k]))])], Ct);
        Volatile.Write(ref writing, false);

        await searching;
    }

    protected static HybridQuery Ask(float[] embedding, (uint Term, float Weight)[] terms, int top = 50) =>
        new(embedding, new LexicalVector([.. terms.Select(t => t.Term)], [.. terms.Select(t => t.Weight)]), SearchFilter.None, top);

    protected static Vectors P(float[] embedding, params (uint Term, float Weight)[] terms) =>
        new(embedding, new LexicalVector([.. terms.Select(t => t.Term)], [.. terms.Select(t => t.Weight)]));

    protected static StoredCaseStudy Item(string slug, params Vectors[] vectors) => new(
        new CaseStudy { Slug = slug, Title = slug, Text = "Text." },
        [.. vectors.Select((v, i) => new StoredPassage(new Passage(Passage.IdOf(slug, i), slug, i, "Text.", 0), v.Embedding, v.Lexical))]);

    // Quarters and halves: their products and sums are exact in any order, so ties are ties everywhere.
    private static StoredCaseStudy RandomItem(Random random, int number)
    {
        var item = Item($"case-{number}", [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => P(RandomFloats(random), RandomTerms(random)))]);
        return item with
        {
            CaseStudy = item.CaseStudy with
            {
                LeadMember = random.Next(3) == 0 ? null : $"Council {random.Next(4)}",
                ParticipatingMembers = [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"Council {random.Next(4)}")],
                Year = random.Next(3) == 0 ? null : 2015 + random.Next(8),
                Principles = random.Next(4) == 0 ? null : [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"p{random.Next(4)}")],
                Kind = random.Next(3) switch { 0 => null, 1 => "project", _ => "case-study" },
                Topics = [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"Topic {random.Next(3)}")],
            },
        };
    }

    private static HybridQuery RandomQuery(Random random) => new(
        RandomFloats(random),
        new LexicalVector([1, 2, 3, 4], [.. Enumerable.Range(0, 4).Select(_ => random.Next(1, 9) / 4f)]),
        new SearchFilter(
            random.Next(3) == 0 ? [$"P{random.Next(4)}", $"p{random.Next(4)}"] : null,
            random.Next(3) == 0 ? [$"council {random.Next(4)}"] : null,
            random.Next(4) == 0 ? 2016 + random.Next(4) : null,
            random.Next(4) == 0 ? 2018 + random.Next(5) : null,
            random.Next(5) == 0 ? ["PROJECT"] : null,
            random.Next(5) == 0 ? [$"topic {random.Next(3)}"] : null),
        random.Next(1, 40));

    private static float[] RandomFloats(Random random) => [random.Next(-4, 5) / 4f, random.Next(-4, 5) / 4f];

    private static (uint, float)[] RandomTerms(Random random) =>
        [.. Enumerable.Range(1, 6).Where(_ => random.Next(2) == 0).Select(t => ((uint)t, random.Next(1, 9) / 2f))];

    private static IEnumerable<string> Expected(List<StoredCaseStudy> items, HybridQuery query, Func<StoredPassage, double> score, bool positiveOnly = false) =>
        items.Where(i => query.Filter.Matches(i.CaseStudy)).SelectMany(i => i.Passages).Select(p => (p.Passage.Id, Score: score(p)))
            .Where(p => !positiveOnly || p.Score > 0)
            .OrderByDescending(p => p.Score).ThenBy(p => p.Id, StringComparer.Ordinal).Take(query.Top).Select(p => p.Id);

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => ((double)a[0] * b[0]) + ((double)a[1] * b[1]);

    private static double Dot(LexicalVector a, LexicalVector b) =>
        a.Terms.Select((t, i) => b.Terms.Index().Where(o => o.Item == t).Sum(o => (double)a.Weights[i] * b.Weights[o.Index])).Sum();

    protected sealed record Vectors(float[] Embedding, LexicalVector Lexical);
}
