using System.Globalization;
using CoopAI.Core.Corpus;

namespace CoopAI.Core.Briefs;

/// <summary>What became, after an answer was given, of a case study that it quoted.</summary>
/// <param name="Withdrawn">Taken out of search; otherwise its text was changed, and the quoted words stand in it no more.</param>
/// <param name="Reason">Given by whoever withdrew it.</param>
public sealed record SourceSince(string Slug, string Title, bool Withdrawn, DateTimeOffset At, string? Reason)
{
    /// <summary>For pages and documents.</summary>
    public string InWords => string.Create(CultureInfo.InvariantCulture, $"{(Withdrawn ? "The case study" : "The text of")} “{Title}” was {(Withdrawn ? "withdrawn" : "changed")} on {At:d MMMM yyyy}{(Withdrawn ? Reason is null ? "." : $": {Reason.TrimEnd('.')}." : "; the words quoted here no longer stand in it.")}");
}

/// <summary>Says which sources of a recorded answer no longer hold. The record itself is never altered.</summary>
public static class SourcesSince
{
    /// <summary>Sources that were withdrawn after the answer, or whose quoted words were edited away, in the order of the answer.</summary>
    public static IReadOnlyList<SourceSince> Of(Answer answer, ICaseStudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(history);
        var since = new List<SourceSince>();
        var cited = answer.Sentences.SelectMany(s => s.Citations).ToList();
        foreach (var slug in cited.Select(c => c.Slug).Concat(answer.Precedents.Select(p => p.Slug)).Distinct(StringComparer.Ordinal))
        {
            if (history.Latest(slug) is not { } latest || latest.At <= answer.At) continue;
            if (latest.State == CaseStudyState.Withdrawn) since.Add(new(slug, latest.CaseStudy.Title, true, latest.At, latest.By.Reason));
            // Texts that were erased from the record are null in it.
            else if (latest.State == CaseStudyState.Published && cited.Any(c => c.Slug == slug && c.Quote is not null && !latest.CaseStudy.Text.Contains(c.Quote, StringComparison.Ordinal)))
                since.Add(new(slug, latest.CaseStudy.Title, false, latest.At, null));
        }

        return since;
    }
}
