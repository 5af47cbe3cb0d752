using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;

namespace CoopAI.Core.Tagging;

/// <summary>The three kinds of tags of one case study: what its page published, what the tagger suggests, what staff decided. One is never shown as another.</summary>
/// <param name="Published">Ids on the page; null: not known.</param>
/// <param name="PublishedUnknown">Ids that the page's layout leaves out.</param>
/// <param name="Decided">Staff's decisions that stand.</param>
public sealed record CaseTags(
    string Slug, string Title, int? Year, IReadOnlyList<string> Topics, IReadOnlyList<string>? Published, IReadOnlyList<string> PublishedUnknown,
    TagSuggestion Suggested, IReadOnlyList<StaffDecision> Decided)
{
    public static CaseTags Of(CaseStudy caseStudy, TagSuggestion suggestion, IEnumerable<StaffDecision> decided)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        return new(
            caseStudy.Slug, caseStudy.Title, caseStudy.Year, caseStudy.Topics, caseStudy.Principles, caseStudy.PrinciplesUnknown, suggestion,
            [.. decided.OrderBy(d => d.Principle, StringComparer.Ordinal)]);
    }

    /// <summary>True, false, or null where the page says nothing.</summary>
    public bool? IsPublished(string id) => Published is null || PublishedUnknown.Contains(id, StringComparer.Ordinal) ? null : Published.Contains(id, StringComparer.Ordinal);

    /// <summary>Staff's yes or no, or null.</summary>
    public bool? IsDecided(string id) => Decided.FirstOrDefault(d => d.Principle == id)?.IsYes;
}

/// <summary>A tag that a person should look at.</summary>
/// <param name="Uncertainty">In [0, 1]: 1 for a probability of one half, 0 where the tagger is certain of yes or no.</param>
public sealed record QueuedTag(string Slug, string Title, string Principle, double Probability, TagDecision Suggested, double Uncertainty, bool? Published, IReadOnlyList<TagEvidence> Evidence);

/// <summary>What a label audit finds.</summary>
public enum AuditFinding
{
    /// <summary>Suggested with confidence, but not on the page.</summary>
    LikelyMissing,

    /// <summary>On the page, but no sentence of the text shows it.</summary>
    LikelyUnsupported,

    /// <summary>Staff decided one thing, the tagger says the other.</summary>
    DecidedOtherwise,
}

/// <param name="Evidence">The sentences that show the principle; for an unsupported tag the one that comes nearest.</param>
public sealed record AuditRow(AuditFinding Finding, string Slug, string Title, string Principle, double Probability, bool? Published, bool? Decided, IReadOnlyList<TagEvidence> Evidence);

/// <summary>Lists that staff work through.</summary>
public static class TagQueues
{
    /// <summary>Undecided tags, most uncertain first; ties by slug, then principle.</summary>
    public static IReadOnlyList<QueuedTag> Uncertain(IEnumerable<CaseTags> corpus)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        return [.. corpus.Where(c => c.Suggested.Note is null).SelectMany(c => c.Suggested.Tags
            .Where(t => c.IsDecided(t.Id) is null)
            .Select(t => new QueuedTag(c.Slug, c.Title, t.Id, t.Probability, t.Decision, 1 - Math.Abs((2 * t.Probability) - 1), c.IsPublished(t.Id), t.Evidence)))
            .OrderByDescending(q => q.Uncertainty).ThenBy(q => q.Slug, StringComparer.Ordinal).ThenBy(q => q.Principle, StringComparer.Ordinal)];
    }

    /// <summary>Where published, suggested and decided tags disagree. Each kind of finding has its surest first; the kinds take turns, so that the commonest does not hide the others.</summary>
    /// <param name="nearest">The likeliest sentence of a slug's text for a principle, however weak.</param>
    public static IReadOnlyList<AuditRow> Audit(IEnumerable<CaseTags> corpus, Func<string, string, TagEvidence?> nearest)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(nearest);
        var rows = new List<(double Surprise, AuditRow Row)>();
        foreach (var c in corpus)
        {
            foreach (var tag in c.Suggested.Tags)
            {
                var (published, decided) = (c.IsPublished(tag.Id), c.IsDecided(tag.Id));
                AuditFinding? finding = (decided, published, tag.Decision) switch
                {
                    (true, _, TagDecision.No) or (false, _, TagDecision.Yes) => AuditFinding.DecidedOtherwise,
                    (null, false, TagDecision.Yes) => AuditFinding.LikelyMissing,
                    (null, true, TagDecision.No) => AuditFinding.LikelyUnsupported,
                    _ => null,
                };
                if (finding is not { } found) continue;
                var surprise = tag.Decision is TagDecision.Yes ? tag.Probability : 1 - tag.Probability;
                rows.Add((surprise, new AuditRow(found, c.Slug, c.Title, tag.Id, tag.Probability, published, decided, tag.Evidence)));
            }
        }

        return [.. rows.GroupBy(r => r.Row.Finding)
            .SelectMany(g => g.OrderByDescending(r => r.Surprise).ThenBy(r => r.Row.Slug, StringComparer.Ordinal).ThenBy(r => r.Row.Principle, StringComparer.Ordinal).Select((r, rank) => (r.Row, rank)))
            .OrderBy(r => r.rank).ThenByDescending(r => r.Row.Finding is AuditFinding.DecidedOtherwise).ThenBy(r => r.Row.Finding)
            .Select(r => r.Row.Evidence.Count > 0 || nearest(r.Row.Slug, r.Row.Principle) is not { } sentence ? r.Row : r.Row with { Evidence = [sentence] })];
    }
}
