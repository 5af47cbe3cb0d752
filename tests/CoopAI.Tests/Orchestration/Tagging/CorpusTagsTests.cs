using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Tests.Orchestration.Tagging;

public sealed class CorpusTagsTests : IAsyncDisposable
{
    private static readonly CaseStudy[] CaseStudies =
    [
        new() { Slug = "panel", Title = "Panel of residents", Principles = ["learning"], Topics = ["parks"], Text = "Residents of the estate voted on how the council should spend its budget for parks. The panel of residents set the priorities for the year." },
        new() { Slug = "lamps", Title = "Lamps", Topics = ["parks"], Text = "The lamps along the river were replaced in the autumn. The railings were painted green." },
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-tagging-").FullName;
    private readonly List<ServiceProvider> _open = [];
    private int _encoded;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_later_process_reads_the_suggestions_without_encoding_or_training_anything()
    {
        var first = await OpenAsync();
        await first.Corpus.UpdateAsync(Ct);
        var queue = await first.Corpus.GetQueueAsync(Ct);
        _encoded = 0;

        var second = await OpenAsync();
        var (again, audit, coverage) = (await second.Corpus.GetQueueAsync(Ct), await second.Corpus.GetAuditAsync(Ct), await second.Corpus.GetCoverageAsync(Ct));

        Assert.Equal(0, _encoded);
        Assert.Equal(queue.Select(q => (q.Slug, q.Principle, q.Probability)), again.Select(q => (q.Slug, q.Principle, q.Probability)));
        // The page says learning, and no sentence shows it: the audit names the nearest one all the same.
        Assert.NotEmpty(audit.Single(a => a is { Slug: "panel", Principle: "learning" }).Evidence);
        Assert.Equal(2, coverage.CaseStudies);
    }

    [Fact]
    public async Task Stored_sentences_are_not_encoded_again()
    {
        var tagging = await OpenAsync();
        await tagging.Trained.GetTaggerAsync(Ct);
        _encoded = 0;

        var stored = await tagging.Trained.GetTagsAsync("panel", Ct);
        Assert.Equal(0, _encoded);
        var pasted = await tagging.Trained.SuggestAsync(TaggableText.Of(CaseStudies[0]) with { Slug = null }, Ct);

        Assert.Equal(3, _encoded);
        Assert.Equal(stored!.Suggested.Tags.Select(t => t.Probability), pasted.Tags.Select(t => t.Probability));
    }

    [Fact]
    public async Task Answers_see_what_is_published_suggested_and_decided_as_three_kinds()
    {
        var tagging = await OpenAsync();
        var tags = _open[0].GetRequiredService<TagBook>();
        Assert.Empty(tags.TagsOf([CaseStudies[0]])[CaseStudies[0].Slug].Suggested);

        await tagging.Corpus.UpdateAsync(Ct);
        await tagging.Desk.DecideAsync("panel", "innovation", StaffVerdict.Added, "Ann", null, null, Ct);

        var (published, suggested, decided) = tags.TagsOf([CaseStudies[0]])[CaseStudies[0].Slug];
        Assert.Equal(["learning"], published);
        Assert.Contains("democratic-engagement", suggested);
        Assert.Equal(["innovation"], decided);
        var both = tags.TagsOf(CaseStudies[..2]);
        Assert.Equal(suggested, both[CaseStudies[0].Slug].Suggested);
        Assert.Equal(decided, both[CaseStudies[0].Slug].Decided);
        Assert.Empty(both[CaseStudies[1].Slug].Decided);
        // Of a text that has changed since nothing is shown.
        Assert.Empty(tags.TagsOf([CaseStudies[0] with { Text = "Another text." }])[CaseStudies[0].Slug].Suggested);
    }

    [Fact]
    public async Task A_decision_leaves_the_queue_at_once_and_the_corpus_follows()
    {
        var tagging = await OpenAsync();
        var before = await tagging.Corpus.GetQueueAsync(Ct);

        var decided = await tagging.Desk.DecideAsync("lamps", "learning", StaffVerdict.Added, "Ann", null, null, Ct);
        var after = await tagging.Corpus.GetQueueAsync(Ct);
        await tagging.Corpus.UpdateAsync(Ct);
        var learned = await tagging.Corpus.GetCorpusTagsAsync(Ct);

        Assert.True(decided.Suggested.Tags.Single(t => t.Id == "learning").Probability > before.Single(q => q is { Slug: "lamps", Principle: "learning" }).Probability);
        Assert.Equal(before.Count - 1, after.Count);
        Assert.DoesNotContain(after, q => q is { Slug: "lamps", Principle: "learning" });
        Assert.Contains(learned.Single(t => t.Slug == "lamps").Decided, d => d.Principle == "learning");
        Assert.Equal(1, (await tagging.Measures.CompareAsync(Ct)).Decisions);
    }

    [Fact]
    public async Task A_case_study_that_is_gone_leaves_no_suggestions()
    {
        var tagging = await OpenAsync();
        await tagging.Corpus.UpdateAsync(Ct);

        await _open[0].GetRequiredService<CorpusService>().IngestAsync([CaseStudies[0], CaseStudies[1] with { Slug = "lamps-again" }], "test", prune: true, ct: Ct);
        await _open[0].GetRequiredService<CorpusService>().RefreshAsync(Ct);
        var slugs = (await tagging.Corpus.GetCorpusTagsAsync(Ct)).Select(t => t.Slug);

        Assert.Equal(["lamps-again", "panel"], slugs);
        Assert.Empty(_open[0].GetRequiredService<TagBook>().TagsOf([CaseStudies[1]])[CaseStudies[1].Slug].Suggested);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _open) await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A service as in a process of its own, with the case studies stored.</summary>
    private async Task<Parts> OpenAsync()
    {
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection().AddLogging().AddCoopAI(configuration, _directory);
        var shipped = services.Last(s => s.ServiceType == typeof(IEmbeddingGenerator<string, Embedding<float>>));
        services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(p => new Counting((IEmbeddingGenerator<string, Embedding<float>>)shipped.ImplementationFactory!(p), n => _encoded += n));
        var built = services.BuildServiceProvider();
        _open.Add(built);
        await built.GetRequiredService<CorpusService>().IngestAsync(CaseStudies, "test", ct: Ct);
        await built.GetRequiredService<CorpusService>().RefreshAsync(Ct);
        return new(built.GetRequiredService<TrainedTagger>(), built.GetRequiredService<CorpusTags>(), built.GetRequiredService<TagDesk>(), built.GetRequiredService<TagMeasures>());
    }

    private sealed record Parts(TrainedTagger Trained, CorpusTags Corpus, TagDesk Desk, TagMeasures Measures);

    private sealed class Counting(IEmbeddingGenerator<string, Embedding<float>> inner, Action<int> count) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
    {
        public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var all = values.ToList();
            count(all.Count);
            return base.GenerateAsync(all, options, cancellationToken);
        }
    }
}
