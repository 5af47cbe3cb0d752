using System.Security.Cryptography;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Orchestration.Asking;

/// <summary>Answers one made-up question over one made-up case study, in memory, while the corpus is loaded.</summary>
/// <remarks>
/// The first answer of a process takes some half a second longer than the next ones: the rules are read and the code is compiled.
/// A rehearsal does both beside the loading. It leaves nothing behind, asks no service, and its failure is nobody's:
/// what is wrong comes up again where it is needed.
/// </remarks>
public static class Rehearsal
{
    private const string Ask = "How did residents help to run the library?";

    private static int _begun;

    /// <summary>Begins on another thread, once a process; without effect with one processor or when the embeddings come from a service.</summary>
    public static void Begin(IServiceProvider services)
    {
        if (Environment.ProcessorCount < 2 || Interlocked.Exchange(ref _begun, 1) != 0) return;
        // It is no part of the request that happens to begin it.
        using var apart = ExecutionContext.SuppressFlow();
        _ = Task.Run(() => RunAsync(services)).ContinueWith(task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <returns>Null: the embeddings come from a service.</returns>
    internal static async Task<Answer?> RunAsync(IServiceProvider services)
    {
        var encoder = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        // What has an address is a service.
        if (encoder.GetService(typeof(EmbeddingGeneratorMetadata)) is not EmbeddingGeneratorMetadata { ProviderUri: null }) return null;

        var caseStudy = new CaseStudy
        {
            Slug = "rehearsal",
            Title = "Residents run the library",
            LeadMember = "Northbeck Council",
            Year = 2020,
            Topics = ["libraries", "community management"],
            Text = "Residents of Northbeck asked to run the library together. In 2020 the council handed the library to 24 volunteers with £15,000 a year. Visits rose by 12% in a year.",
        };
        var indexed = await services.GetRequiredService<CaseStudyIndexer>().IndexAsync([caseStudy]);
        var corpus = new SearchCorpus();
        corpus.Replace(indexed);
        var store = new EmbeddedPassageStore(services.GetRequiredService<EncoderIdentity>().Dimension);
        await store.UpsertAsync([.. indexed.Select(CorpusService.Stored)], CancellationToken.None);
        using var signer = LedgerSigner.Create();
        // The same walk as ever, over a corpus, a store and a ledger of its own.
        await using var own = new ServiceCollection()
            .AddSingleton(corpus)
            .AddSingleton(new Retriever(corpus, store, encoder, services.GetRequiredService<RetrievalOptions>()))
            .AddSingleton(services.GetRequiredService<GuidanceRunner>())
            .AddSingleton(services.GetRequiredService<AnsweringOptions>())
            // It is to be answered, whatever its words.
            .AddSingleton(BriefModel.Shipped with { MayHelpFrom = 0, AnsweredFrom = 0 })
            .AddSingleton<ILedger>(new MemoryLedger(TimeProvider.System, signer, bytes => RandomNumberGenerator.Fill(bytes)))
            .AddSingleton<ITagBook, NoTags>()
            .AddSingleton<IOffSwitch, AlwaysOn>()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<AnswerIds>(() => "rehearsal")
            .AddCoopKernel()
            .BuildServiceProvider();
        return await own.GetRequiredService<AskQuestion>().AskAsync(Question.Create(Ask));
    }

    internal sealed class NoTags : ITagBook
    {
        public IReadOnlyDictionary<string, PrincipleTags> TagsOf(IReadOnlyCollection<CaseStudy> caseStudies) =>
            caseStudies.ToDictionary(c => c.Slug, _ => new PrincipleTags(null, [], []), StringComparer.Ordinal);

        public IReadOnlyList<EvidencedTag> EvidenceOf(IReadOnlyCollection<CaseStudy> caseStudies) => [];
    }
}
