using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Grounding;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Grounding;

/// <summary>The labelled set of <c>evals/grounding</c>: that it is sound, and that the checks keep their error rates on its test half.</summary>
public sealed class GroundingPairsTests
{
    private static readonly IReadOnlyDictionary<string, CaseStudy> Corpus = File.ReadLines(RepositoryFiles.Find("corpus", "case-studies.jsonl")).Where(l => l.Length > 0)
        .Select(l => JsonSerializer.Deserialize<CaseStudy>(l, CoopJson.Options)!).ToDictionary(c => c.Slug, StringComparer.Ordinal);

    private static readonly Pair[] Pairs = [.. File.ReadLines(RepositoryFiles.Find("evals", "grounding", "pairs.jsonl")).Select(l => JsonSerializer.Deserialize<Pair>(l, CoopJson.Options)!)];

    public sealed record Pair(string Id, string Split, string Kind, string Label, string Sentence, string[] Cites, string[] Passages);

    [Fact]
    public void The_set_is_large_named_once_and_cites_what_it_retrieved()
    {
        Assert.True(Pairs.Length >= 480);
        Assert.Equal(Pairs.Length, Pairs.Select(p => p.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Pairs, p => Assert.Contains(p.Label, new[] { "faithful", "altered" }));
        Assert.All(Pairs, p => Assert.Subset(p.Passages.ToHashSet(), p.Cites.ToHashSet()));
        Assert.All(Pairs, p => Assert.Subset(Corpus.Keys.ToHashSet(), p.Passages.ToHashSet()));
        Assert.InRange(Pairs.Count(p => p.Label == "altered") / (double)Pairs.Length, 0.4, 0.6);
    }

    [Fact]
    public void Without_the_encoder_the_test_half_keeps_its_error_rates()
    {
        var verifier = new SentenceVerifier();
        var stopped = Pairs.Where(p => p.Split == "test").Select(p => (p.Label, Stopped: verifier
            .Verify(p.Sentence, p.Cites, p.Passages.Select(s => Corpus[s]).Select(c => new SourcePassage(c.Slug, c.Text, c.Title, c.LeadMember, c.ParticipatingMembers, c.Year)))
            .Any(r => r.Status == RuleStatus.Fail))).ToArray();

        var caught = stopped.Where(s => s.Label == "altered").Average(s => s.Stopped ? 1.0 : 0);
        var withheld = stopped.Where(s => s.Label == "faithful").Average(s => s.Stopped ? 1.0 : 0);

        Assert.True(caught >= 0.85, $"{caught:P1} of altered sentences were caught.");
        Assert.True(withheld <= 0.12, $"{withheld:P1} of faithful sentences were withheld.");
    }
}
