using System.Runtime.CompilerServices;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Verdicts;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Orchestration.Asking;

/// <summary>A brief to show what the service gives: an example question answered over the real case studies by the same walk as ever, but recorded nowhere that lasts.</summary>
/// <remarks>Made once for each state of the corpus and each version of the rules. Safe for concurrent use.</remarks>
public sealed class SampleBrief(SearchCorpus corpus, Retriever retriever, GuidanceRunner guidance, AnsweringOptions options, TimeProvider clock)
{
    private readonly ConditionalWeakTable<CorpusIndex, Lazy<Task<Answer?>>> _made = [];

    /// <summary>The first of these questions that is answered with two sentences or more; null: none is.</summary>
    public async Task<Answer?> OfAsync(IReadOnlyList<string> questions, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var index = await corpus.CurrentAsync(ct);
        try
        {
            return await _made.GetValue(index, _ => new(() => Apart(questions))).Value;
        }
        catch (Exception e) when (e is PassageStoreUnavailableException or HttpRequestException or TimeoutException)
        {
            // The page does without; the next state of the corpus, or the next look, tries again.
            _made.Remove(index);
            return null;
        }
    }

    // It is no part of the request that happens to want it first.
    private Task<Answer?> Apart(IReadOnlyList<string> questions)
    {
        using var apart = ExecutionContext.SuppressFlow();
        return Task.Run(() => MakeAsync(questions));
    }

    private async Task<Answer?> MakeAsync(IReadOnlyList<string> questions)
    {
        using var signer = LedgerSigner.Create();
        await using var own = new ServiceCollection()
            .AddSingleton(corpus).AddSingleton(retriever).AddSingleton(guidance).AddSingleton(options).AddSingleton(clock)
            .AddSingleton<ILedger>(new MemoryLedger(clock, signer, bytes => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes)))
            .AddSingleton<ITagBook, Rehearsal.NoTags>()
            .AddSingleton<IOffSwitch, AlwaysOn>()
            .AddSingleton<AnswerIds>(() => "sample")
            .AddCoopKernel()
            .BuildServiceProvider();
        foreach (var question in questions)
        {
            var answer = await own.GetRequiredService<AskQuestion>().AskAsync(Question.Create(question));
            if (answer.Outcome == Outcome.Answered && answer.Sentences.Count(s => s.Kind == SentenceKind.Answer && s.Citations.Count > 0) >= 2) return answer;
        }

        return null;
    }
}
