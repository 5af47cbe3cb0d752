using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;

namespace CoopAI.Core.Briefs;

/// <summary>Picks sentences of the sources, word for word, and puts the service's own short lines between them.</summary>
/// <remarks>
/// For each case study: the sentence that fits the question best and, if it is another one, the sentence that says what came of it.
/// A sentence that leans on the one before ("They also …") brings it along. Deterministic.
/// </remarks>
public sealed partial class ExtractiveComposer(AnsweringOptions options)
{
    /// <summary>How notices and records name it.</summary>
    public static Composer Composer { get; } = new(
        "extractive", "extractive composer 1: no language model, sentences are quoted", Convert.ToHexStringLower(SHA256.HashData("extractive composer 1"u8)));

    /// <summary>Sentences in reading order.</summary>
    /// <param name="sources">Best first, at least one.</param>
    public IReadOnlyList<DraftSentence> Compose(Question question, IReadOnlyList<Source> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var floor = sources.Count == 0 ? 0 : sources[0].Score * options.RelativeScore;
        var draft = new List<DraftSentence>();
        foreach (var source in sources.Where(s => s.Score >= floor).Take(options.Quoted))
        {
            var chosen = Choose(source);
            if (chosen.Count == 0) continue;
            draft.Add(new DraftSentence(Heading(source.CaseStudy), SentenceKind.Service, []));
            draft.AddRange(chosen.Select(c => new DraftSentence(c.Span.In(source.CaseStudy.Text), SentenceKind.Answer, [c.Passage.Id])));
        }

        return draft;
    }

    /// <summary>Names a precedent with its council and year, or says that it is undated.</summary>
    public static string Heading(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        var year = caseStudy.Year is { } y ? y.ToString(CultureInfo.InvariantCulture) : "undated";
        var council = caseStudy.LeadMember ?? "lead council not stated";
        return $"{caseStudy.Title} – {council} ({year}):";
    }

    private List<(TextSpan Span, Passage Passage)> Choose(Source source)
    {
        var text = source.CaseStudy.Text;
        var readable = source.Passages.SelectMany(p => Sentences.Split(p.Passage.Text)
                .Select(s => (Span: new TextSpan(s.Start + p.Passage.Start, s.End + p.Passage.Start), p.Passage)))
            .Where(s => s.Span.End <= text.Length && s.Span.In(text) == s.Passage.Text[(s.Span.Start - s.Passage.Start)..(s.Span.End - s.Passage.Start)])
            .DistinctBy(s => s.Span).OrderBy(s => s.Span.Start).ToList();
        var chosen = new SortedSet<int>();
        foreach (var best in source.Passages.Where(p => p.BestSentence is not null).Select(p => p.BestSentence!.Value).Concat(Outcomes(readable, text)))
        {
            if (chosen.Count >= options.SentencesEach) break;
            var at = readable.FindIndex(r => r.Span == best);
            if (at >= 0) chosen.Add(at);
        }

        // The best sentence of a second passage matters less than what came of the work.
        if (chosen.Count > 1 && Outcomes(readable, text).Select(o => readable.FindIndex(r => r.Span == o)).FirstOrDefault(-1) is >= 0 and var outcome && !chosen.Contains(outcome))
        {
            var first = readable.FindIndex(r => r.Span == source.Passages[0].BestSentence);
            if (chosen.LastOrDefault(c => c != first, -1) is >= 0 and var weakest)
            {
                chosen.Remove(weakest);
                chosen.Add(outcome);
            }
        }

        // One sentence alone tells little: the one after it goes on with the story.
        while (chosen.Count > 0 && chosen.Count < Math.Min(options.SentencesEach, readable.Count))
            chosen.Add(Enumerable.Range(1, readable.Count).Select(step => (chosen.Max + step) % readable.Count).First(i => !chosen.Contains(i)));

        foreach (var at in chosen.ToList())
        {
            if (at > 0 && LeansOnLast().IsMatch(readable[at].Span.In(text)) && readable[at - 1].Passage == readable[at].Passage) chosen.Add(at - 1);
        }

        return [.. chosen.Select(i => readable[i])];
    }

    private static IEnumerable<TextSpan> Outcomes(List<(TextSpan Span, Passage Passage)> readable, string text) =>
        readable.Select(r => (r.Span, Strength: EvidenceCards.OutcomeStrength(r.Span.In(text)))).Where(r => r.Strength > 0)
            .OrderByDescending(r => r.Strength).ThenBy(r => r.Span.Start).Select(r => r.Span);

    [GeneratedRegex(
        @"^(?:it|its|they|their|them|this|that|these|those|he|she|his|her|both|such|so|also|then|there|here|each|one|some|others?|another|since then|at first|the (?:same|first|second|third|latter|former|two|three|others?|scheme|programme|project|pilot|group|panel|fund|service|plan|partnership|work))\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex LeansOnLast();
}
