using CoopAI.Core.Tagging;

namespace CoopAI.Web.Pages.Tagging;

/// <summary>One tag to decide.</summary>
public sealed record WorkItem(CaseTags CaseStudy, SuggestedTag Tag);

/// <summary>Which tags staff are shown, and in which order: one case study after another.</summary>
public static class TagWork
{
    public const string Doubt = "doubt", Wrong = "wrong", Differ = "differ", Second = "second", All = "all";

    /// <summary>The choices by the word that addresses have.</summary>
    public static IReadOnlyList<(string Value, string Text)> Choices { get; } =
    [
        (Doubt, "Those most in doubt first"),
        (Wrong, "Those that look wrong"),
        (Differ, "Those on which people differ"),
        (Second, "A second reading of what others decided"),
        (All, "Every tag not decided yet"),
    ];

    /// <summary>One of the choices; anything else is the first.</summary>
    public static string Known(string? show) => Choices.Any(c => c.Value == show) ? show! : Doubt;

    /// <param name="corpus">Tags as listed.</param>
    /// <param name="audit">For <see cref="Wrong"/>: what looks wrong, surest first.</param>
    /// <param name="byPerson">For <see cref="Differ"/> and <see cref="Second"/>: what each person last decided on each tag.</param>
    /// <param name="show">One of <see cref="Choices"/>.</param>
    /// <param name="principle">Only this one; null: all ten.</param>
    /// <param name="by">Who works.</param>
    public static IReadOnlyList<WorkItem> Of(
        IReadOnlyList<CaseTags> corpus, IReadOnlyList<AuditRow> audit, IReadOnlyList<StaffDecision> byPerson, string show, string? principle, string by)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentNullException.ThrowIfNull(byPerson);
        var wanted = show switch
        {
            Wrong => audit.Select(r => (r.Slug, r.Principle)).ToHashSet(),
            Differ => Differing(byPerson).Select(d => (d.Slug, d.Principle)).ToHashSet(),
            Second => [.. byPerson.GroupBy(d => (d.Slug, d.Principle)).Where(g => g.All(d => d.By != by)).Select(g => g.Key)],
            _ => null,
        };
        var ranks = show == Wrong ? audit.Index().GroupBy(r => r.Item.Slug, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Index, StringComparer.Ordinal) : null;
        return
        [
            .. corpus.Where(c => wanted is not null || c.Suggested.Note is null)
                .Select(c => (Case: c, Tags: c.Suggested.Tags.Where(t => (principle is null || t.Id == principle) && (wanted?.Contains((c.Slug, t.Id)) ?? (c.IsDecided(t.Id) is null && (show == All || IsWorthALook(c, t))))).ToList()))
                .Where(c => c.Tags.Count > 0)
                .OrderBy(c => ranks?.GetValueOrDefault(c.Case.Slug) ?? 0).ThenByDescending(c => c.Tags.Max(Doubtfulness)).ThenBy(c => c.Case.Slug, StringComparer.Ordinal)
                .SelectMany(c => c.Tags.OrderByDescending(t => t.Probability).Select(t => new WorkItem(c.Case, t))),
        ];
    }

    /// <summary>Tags on which at least two people decided, and not alike.</summary>
    public static IReadOnlyList<(string Slug, string Principle, IReadOnlyList<StaffDecision> Decisions)> Differing(IReadOnlyList<StaffDecision> byPerson) =>
        [.. Shared(byPerson).Where(t => t.Decisions.Select(d => d.IsYes).Distinct().Count() > 1)];

    /// <summary>Tags on which at least two people decided.</summary>
    public static IReadOnlyList<(string Slug, string Principle, IReadOnlyList<StaffDecision> Decisions)> Shared(IReadOnlyList<StaffDecision> byPerson)
    {
        ArgumentNullException.ThrowIfNull(byPerson);
        return [.. byPerson.GroupBy(d => (d.Slug, d.Principle)).Where(g => g.Select(d => d.By).Distinct(StringComparer.Ordinal).Count() > 1).Select(g => (g.Key.Slug, g.Key.Principle, (IReadOnlyList<StaffDecision>)[.. g]))];
    }

    // What is unlikely and not published either is left to "every tag": nine in ten of those are rightly no.
    private static bool IsWorthALook(CaseTags c, SuggestedTag tag) => tag.Decision is not TagDecision.No || c.IsPublished(tag.Id) is true;

    private static double Doubtfulness(SuggestedTag tag) => 1 - Math.Abs((2 * tag.Probability) - 1);
}
