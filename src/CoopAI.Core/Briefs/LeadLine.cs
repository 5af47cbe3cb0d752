using System.Globalization;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Questions;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Briefs;

/// <summary>The one line that says what an answer comes to, made of nothing but what the case studies' records and the quoted sentences say.</summary>
internal static class LeadLine
{
    /// <summary>Longest piece of a sentence that the line takes over, in characters.</summary>
    private const int LongestPiece = 110;

    /// <summary>Shortest piece that says something.</summary>
    private const int ShortestPiece = 20;

    private const int MostNamed = 4;

    private static readonly string[] Numbers = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

    /// <summary>The line, with a citation for each case study that it names; null: nothing is quoted.</summary>
    /// <param name="kinds">What is asked for, main kind first.</param>
    /// <param name="said">Quoted sentences that stand, in order.</param>
    /// <param name="caseStudies">Of those sentences, by slug.</param>
    /// <param name="sure">Whether the question is answered rather than come near to.</param>
    public static AnswerSentence? Of(IReadOnlyList<AskKind> kinds, IReadOnlyList<AnswerSentence> said, IReadOnlyDictionary<string, CaseStudy> caseStudies, bool sure)
    {
        var groups = said.Where(s => s is { Kind: SentenceKind.Answer, Citations.Count: > 0 }).GroupBy(s => s.Citations[0].Slug, StringComparer.Ordinal)
            .Where(g => caseStudies.ContainsKey(g.Key)).Select(g => (CaseStudy: caseStudies[g.Key], Sentences: g.ToList())).ToList();
        if (groups.Count == 0) return null;
        var named = groups.Take(MostNamed).Select(g => Part(kinds, g.CaseStudy, g.Sentences)).ToList();
        var councils = groups.Select(g => g.CaseStudy.LeadMember).Where(c => c is not null).Distinct(StringComparer.Ordinal).ToList();
        var what = councils.Count == groups.Count ? "council" : "case study";
        var count = groups.Count < Numbers.Length ? Numbers[groups.Count] : groups.Count.ToString(CultureInfo.InvariantCulture);
        var head = groups.Count == 1
            ? sure ? "" : "Near, but not sure to answer: "
            : $"{count} {(what == "council" ? "councils" : "case studies")} {(sure ? "speak to this" : "come near")}: ";
        var text = head + string.Join("; ", named.Select(n => n.Text)) + (groups.Count > MostNamed ? "; and others." : ".");
        return new AnswerSentence(text, SentenceKind.Lead, [.. named.Select(n => n.Citation)], []);
    }

    private static (string Text, Citation Citation) Part(IReadOnlyList<AskKind> kinds, CaseStudy caseStudy, List<AnswerSentence> sentences)
    {
        var name = $"{caseStudy.LeadMember ?? caseStudy.Title} ({PeriodOf(caseStudy)})";
        // What was asked for comes first, a sum where a sum was asked; then whatever comes first.
        foreach (var sentence in sentences.OrderBy(s => kinds.Any(k => AskedCues.Answers(k, s.Text)) ? 0 : 1))
        {
            var pieces = Pieces(sentence.Text).ToList();
            var piece = pieces.FirstOrDefault(p => kinds.Any(k => AskedCues.Answers(k, p))) ?? pieces.FirstOrDefault();
            if (piece is not null) return ($"{name} – “{piece}”", sentence.Citations[0]);
        }

        return ($"{name} – {caseStudy.Title}", sentences[0].Citations[0]);
    }

    /// <summary>"2016 to 2019", "since 2021" or "undated".</summary>
    public static string PeriodOf(CaseStudy caseStudy) => EvidenceCards.Of(caseStudy).Period.ToString().Split(',')[0];

    // A whole sentence when it is short; else what stands between its stops.
    private static IEnumerable<string> Pieces(string sentence)
    {
        var whole = sentence.TrimEnd('.', ' ');
        if (whole.Length <= LongestPiece)
        {
            if (!ReferenceWords.Opens(whole)) yield return whole;
            yield break;
        }

        foreach (var piece in whole.Split([';', ':']).Select(p => p.Trim()))
        {
            if (piece.Length is >= ShortestPiece and <= LongestPiece && !ReferenceWords.Opens(piece)) yield return piece;
        }
    }
}
