using System.Security.Cryptography;
using System.Diagnostics;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Tests.Core.Guidance;
using CoopAI.Tests.Core.Tagging;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Tests.Orchestration.Asking;

/// <summary>The walk of a question over a few invented case studies, with everything in memory.</summary>
internal sealed class Walk : IAsyncDisposable
{
    public const string Asked = "How did a panel of residents share out money for youth projects?";

    public static readonly CaseStudy[] Corpus =
    [
        new()
        {
            Slug = "youth-panel", Title = "Youth panel of Northbeck", LeadMember = "Northbeck Council", Year = 2022, Topics = ["young people"],
            Principles = ["democratic-engagement", "social-value", "learning", "innovation", "co-production"],
            Text = "Northbeck Council set up a residents' panel of 24 people. The panel shared out £150,000 for youth projects. Waiting fell from nine weeks to four weeks.",
        },
        new()
        {
            Slug = "youth-fund", Title = "Residents share a fund in Millford", LeadMember = "Millford Council", Year = 2021, Topics = ["young people"],
            Text = "Young people in Millford decide each year which youth projects get money. The panel of residents shares out the money in schools.",
        },
        new()
        {
            Slug = "housing-co-op", Title = "Tenants' housing co-operative", LeadMember = "Harrow Vale Council", Year = 2019, Topics = ["housing"],
            Text = "Fifteen tenants of Harrow Vale began a housing co-operative of 62 homes. Repair costs did not fall.",
        },
    ];

    private readonly ServiceProvider _services;
    private readonly ActivityListener _listener;

    private Walk(ServiceProvider services)
    {
        _services = services;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AskTrace.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                // Walks of other tests run at the same time.
                if (activity.RootId == _root?.RootId) Filters.Add(activity.OperationName);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private Activity? _root;

    /// <summary>The filters that ran, in order.</summary>
    public List<string> Filters { get; } = [];

    public MemoryLedger Ledger => _services.GetRequiredService<MemoryLedger>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <param name="chat">The language model that writes; null: sentences are quoted.</param>
    /// <param name="change">Registers what a test puts in the place of the usual.</param>
    public static async Task<Walk> CreateAsync(IChatClient? chat = null, Action<IServiceCollection>? change = null, IReadOnlyList<CaseStudy>? caseStudies = null, GuidanceRunner? guidance = null)
    {
        var encoder = new TaggingFixture.WordHashEncoder();
        var corpus = new SearchCorpus();
        var indexed = await new CaseStudyIndexer(new PassageChunker(), encoder).IndexAsync(caseStudies ?? Corpus);
        corpus.Replace(indexed);
        var store = new EmbeddedPassageStore(EncoderIdentity.Of(encoder).Dimension);
        await store.UpsertAsync([.. indexed.Select(CorpusService.Stored)], CancellationToken.None);
        var services = new ServiceCollection()
            .AddSingleton(corpus)
            .AddSingleton(new Retriever(corpus, store, encoder, new RetrievalOptions { Floor = 0.01 }))
            .AddSingleton(guidance ?? GuidanceFiles.Runner)
            .AddSingleton(new AnsweringOptions())
            // The weights were learned for another encoder: here every question is answered from what fits best.
            .AddSingleton(BriefModel.Shipped with { MayHelpFrom = 0, AnsweredFrom = 0, QuotedFrom = 0 })
            .AddSingleton(_ => new MemoryLedger(TimeProvider.System, LedgerSigner.Create(), bytes => RandomNumberGenerator.Fill(bytes)))
            .AddSingleton<ILedger>(p => p.GetRequiredService<MemoryLedger>())
            .AddSingleton<ITagBook, TagsByHand>()
            .AddSingleton<IOffSwitch, AlwaysOn>()
            .AddSingleton(TimeProvider.System);
        if (chat is not null) services.AddSingleton(chat).AddSingleton(new Writer("test-model", "Write £ & <brief> sentences.", TimeSpan.FromSeconds(5)));
        change?.Invoke(services);
        return new Walk(services.AddCoopKernel().BuildServiceProvider());
    }

    public async Task<Answer> AskAsync(string question = Asked, AnswerPage? page = null, CancellationToken? ct = null)
    {
        using var root = _root = new Activity("test").Start();
        return await Get<AskQuestion>().AskAsync(Question.Create(question), page: page, ct: ct ?? TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    /// <summary>What the tagger and staff say of the case studies above.</summary>
    private sealed class TagsByHand : ITagBook
    {
        public IReadOnlyDictionary<string, PrincipleTags> TagsOf(IReadOnlyCollection<CaseStudy> caseStudies) => caseStudies.ToDictionary(
            c => c.Slug, c => new PrincipleTags(c.Principles, [.. Evidence(c.Slug).Where(e => e.Basis == "inferred").Select(e => e.Id)], [.. Evidence(c.Slug).Where(e => e.Basis == "decided").Select(e => e.Id)]), StringComparer.Ordinal);

        public IReadOnlyList<EvidencedTag> EvidenceOf(IReadOnlyCollection<CaseStudy> caseStudies) => [.. caseStudies.SelectMany(c => Evidence(c.Slug))];

        private static IEnumerable<EvidencedTag> Evidence(string slug) => slug switch
        {
            "youth-panel" =>
            [
                new(slug, "democratic-engagement", "inferred", ["The panel shared out £150,000 for youth projects."]),
                new(slug, "innovation", "inferred", ["Northbeck Council set up a residents' panel of 24 people."], Rejected: true),
            ],
            "youth-fund" => [new(slug, "learning", "inferred", ["A sentence that stands in no case study."])],
            _ => [],
        };
    }
}
