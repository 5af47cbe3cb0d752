using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;

namespace CoopAI.Tests.Core.Tagging;

public sealed class CaseTagsTests
{
    private static CaseTags Case(string slug, double learning, TagDecision decision, IReadOnlyList<string>? published, StaffVerdict? decided = null, int? year = 2020, params string[] topics)
    {
        var suggestion = new TagSuggestion(
            [.. PrincipleIds.All.Select(id => id == "learning" ? new SuggestedTag(id, learning, decision, decision is TagDecision.No ? [] : [new("It was evaluated.", 0, 17)], []) : new SuggestedTag(id, 0, TagDecision.No, [], []))], null, "v");
        var caseStudy = new CaseStudy { Slug = slug, Title = slug, Text = "It was evaluated.", Principles = published, Year = year, Topics = topics };
        return CaseTags.Of(caseStudy, suggestion, decided is { } verdict ? [new StaffDecision(slug, "learning", verdict, "Ann", DateTimeOffset.UnixEpoch, null, "v", learning, null)] : []);
    }

    [Fact]
    public void The_audit_finds_missing_unsupported_and_differently_decided_tags()
    {
        CaseTags[] corpus =
        [
            Case("missing", 0.9, TagDecision.Yes, []),
            Case("unsupported", 0.02, TagDecision.No, ["learning"]),
            Case("decided", 0.9, TagDecision.Yes, ["learning"], StaffVerdict.Rejected),
            Case("not-known", 0.9, TagDecision.Yes, null),
            Case("unsure", 0.3, TagDecision.Unsure, ["learning"]),
            Case("in-agreement", 0.9, TagDecision.Yes, ["learning"]),
        ];

        var rows = TagQueues.Audit(corpus, (_, _) => new TagEvidence("Nearest.", 0, 8));

        Assert.Equal(
            [("decided", AuditFinding.DecidedOtherwise), ("missing", AuditFinding.LikelyMissing), ("unsupported", AuditFinding.LikelyUnsupported)],
            rows.Select(r => (r.Slug, r.Finding)));
        Assert.Equal(["It was evaluated.", "It was evaluated.", "Nearest."], rows.Select(r => r.Evidence[0].Sentence));
    }

    [Fact]
    public void What_the_page_leaves_out_is_neither_published_nor_missing()
    {
        var unknown = Case("a", 0.9, TagDecision.Yes, []) with { PublishedUnknown = ["learning"] };

        Assert.Null(unknown.IsPublished("learning"));
        Assert.False(unknown.IsPublished("innovation"));
        Assert.Empty(TagQueues.Audit([unknown], (_, _) => null));
    }

    [Fact]
    public void The_queue_puts_probabilities_near_one_half_first_and_leaves_decided_tags_out()
    {
        var queue = TagQueues.Uncertain(
            [Case("sure", 0.99, TagDecision.Yes, null), Case("near", 0.5, TagDecision.Unsure, null), Case("done", 0.5, TagDecision.Unsure, null, StaffVerdict.Accepted)]);

        Assert.Equal(("near", "learning", 1.0), (queue[0].Slug, queue[0].Principle, queue[0].Uncertainty));
        Assert.DoesNotContain(queue, q => q is { Slug: "done", Principle: "learning" });
        Assert.True(queue.Single(q => q is { Slug: "sure", Principle: "learning" }).Uncertainty < 0.05);
    }

    [Fact]
    public void Coverage_counts_a_decision_before_page_and_suggestion()
    {
        CaseTags[] corpus =
        [
            Case("a", 0.9, TagDecision.Yes, ["learning"], StaffVerdict.Rejected, 2020, "housing"),
            Case("b", 0.1, TagDecision.No, ["learning"], null, 2020, "housing"),
            Case("c", 0.9, TagDecision.Yes, null, null, null, "housing"),
            Case("d", 0.1, TagDecision.No, null, StaffVerdict.Added, 2021, "housing"),
            Case("e", 0.1, TagDecision.No, [], null, 2021, "housing", "food"),
        ];

        var coverage = PrincipleCoverage.Of(corpus, PrincipleIds.All);

        var learning = coverage.Principles.Single(p => p.Id == "learning");
        Assert.Equal(new CoverageCount(Precedents: 3, Published: 2, Suggested: 2, Decided: 1), learning.Total);
        Assert.Equal(1, learning.Years[2020].Precedents);
        Assert.Equal(1, learning.Undated.Precedents);
        Assert.Equal(["housing"], learning.Topics.Keys);
        Assert.Equal(9, coverage.Gaps.Count);
        Assert.All(coverage.Gaps, g => Assert.Equal((0, 5), (g.Precedents, g.Of)));
    }
}
