using System.Security.Cryptography;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Briefs;

/// <summary>Quotes the sentences that a plan names, word for word, and puts the service's own short lines between them.</summary>
/// <remarks>Pure and deterministic; which sentences are quoted is the <see cref="BriefPlanner"/>'s choice.</remarks>
public static class ExtractiveComposer
{
    /// <summary>How notices and records name it.</summary>
    public static Composer Composer { get; } = new(
        "extractive", "extractive composer 2: no language model, sentences are chosen by a learned scorer and quoted", Convert.ToHexStringLower(SHA256.HashData("extractive composer 2"u8)));

    /// <summary>For each case study its heading, then its sentences in reading order.</summary>
    /// <param name="sources">What may be quoted, best first; a sentence that a rule has changed or kept back is left out.</param>
    public static IReadOnlyList<DraftSentence> Compose(PartPlan plan, IReadOnlyList<Source> sources)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(sources);
        var draft = new List<DraftSentence>();
        foreach (var source in sources)
        {
            if (plan.Studies.FirstOrDefault(s => s.Study.CaseStudy.Slug == source.CaseStudy.Slug) is not { } planned) continue;
            var quoted = planned.Sentences
                .Select(s => (s.Text, Passage: source.Passages.Select(p => p.Passage).FirstOrDefault(p => p.Text.Contains(s.Text, StringComparison.Ordinal))))
                .Where(s => s.Passage is not null).Select(s => new DraftSentence(s.Text, SentenceKind.Answer, [s.Passage!.Id])).ToList();
            if (quoted.Count == 0) continue;
            draft.Add(new DraftSentence(Heading(source.CaseStudy), SentenceKind.Service, []));
            draft.AddRange(quoted);
        }

        return draft;
    }

    /// <summary>Names a precedent with its council and the years that its card gives, or says that it is undated.</summary>
    public static string Heading(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        return $"{NameOf(caseStudy.Title, caseStudy.LeadMember)} ({LeadLine.PeriodOf(caseStudy)}):";
    }

    /// <summary>Title and council, a place that stands in both told once: "Warm welcome for all – Lewisham Council" for "Warm welcome for all (Lewisham)".</summary>
    public static string NameOf(string title, string? council)
    {
        ArgumentNullException.ThrowIfNull(title);
        if (council is null) return $"{title} – lead council not stated";
        var place = string.Join(' ', Words.Split(council).Select(w => w.Text).Where(w => !Generic.Contains(w)));
        if (place.Length == 0) return $"{title} – {council}";
        foreach (var (open, close) in Trailing)
        {
            var at = title.LastIndexOf(open, StringComparison.Ordinal);
            if (at <= 0 || !title.EndsWith(close, StringComparison.Ordinal)) continue;
            var end = title[(at + open.Length)..(title.Length - close.Length)];
            if (string.Join(' ', Words.Split(end).Select(w => w.Text).Where(w => !Generic.Contains(w))) == place) return $"{title[..at]} – {council}";
        }

        return $" {string.Join(' ', Words.Split(title).Select(w => w.Text))} ".Contains($" {string.Join(' ', Words.Split(council).Select(w => w.Text))} ", StringComparison.Ordinal) ? title : $"{title} – {council}";
    }

    private static readonly (string Open, string Close)[] Trailing = [(" (", ")"), (", ", ""), (" – ", ""), (" - ", ""), (": ", "")];

    // What the names of many councils hold.
    private static readonly HashSet<string> Generic = new(["council", "city", "borough", "metropolitan", "district", "county", "town", "parish", "royal", "london", "of", "the", "cc", "bc", "mbc"], StringComparer.Ordinal);
}
