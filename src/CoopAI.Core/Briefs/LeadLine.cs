using System.Globalization;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Questions;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Briefs;

/// <summary>The one line that says what an answer comes to, made of nothing but what the case studies' records and the quoted sentences say.</summary>
internal static class LeadLine
{
    /// <summary>Longest piece of a sentence that the line takes over, in characters.</summary>
    private const int LongestPiece = 160;

    /// <summary>Shortest piece that says something.</summary>
    private const int ShortestPiece = 45;

    private const int MostNamed = 3;

    private static readonly string[] Numbers = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

    /// <summary>The line, with a citation for each case study that it names; null: nothing is quoted.</summary>
    /// <param name="kinds">What is asked for, main kind first.</param>
    /// <param name="said">Quoted sentences that stand, in order.</param>
    /// <param name="caseStudies">Of those sentences, by slug.</param>
    /// <param name="answers">How well a quoted sentence answers; larger is better.</param>
    /// <param name="sure">Whether the question is answered rather than come near to.</param>
    public static AnswerSentence? Of(IReadOnlyList<AskKind> kinds, IReadOnlyList<AnswerSentence> said, IReadOnlyDictionary<string, CaseStudy> caseStudies, Func<AnswerSentence, double> answers, bool sure)
    {
        var groups = said.Where(s => s is { Kind: SentenceKind.Answer, Citations.Count: > 0 }).GroupBy(s => s.Citations[0].Slug, StringComparer.Ordinal)
            .Where(g => caseStudies.ContainsKey(g.Key)).Select(g => (CaseStudy: caseStudies[g.Key], Sentences: g.ToList())).ToList();
        if (groups.Count == 0) return null;
        var named = groups.Take(MostNamed).Select(g => Part(kinds, g.CaseStudy, g.Sentences, answers)).ToList();
        var councils = groups.Select(g => g.CaseStudy.LeadMember).Where(c => c is not null).Distinct(StringComparer.Ordinal).ToList();
        var what = councils.Count == groups.Count ? "council" : "case study";
        var count = groups.Count < Numbers.Length ? Numbers[groups.Count] : groups.Count.ToString(CultureInfo.InvariantCulture);
        var head = groups.Count == 1
            ? sure ? "" : "Near, but not sure to answer: "
            : $"{count} {(what == "council" ? "councils" : "case studies")} {(sure ? "speak to this" : "come near")}: ";
        var text = head + string.Join("; ", named.Select(n => n.Text)) + (groups.Count > MostNamed ? "; and others." : ".");
        return new AnswerSentence(text, SentenceKind.Lead, [.. named.Select(n => n.Citation)], []);
    }

    private static (string Text, Citation Citation) Part(IReadOnlyList<AskKind> kinds, CaseStudy caseStudy, List<AnswerSentence> sentences, Func<AnswerSentence, double> answers)
    {
        var name = $"{caseStudy.LeadMember ?? caseStudy.Title} ({PeriodOf(caseStudy)})";
        // What was done before how things stood before it; a sum, a number or a date where one was asked for; then what answers best.
        foreach (var sentence in sentences.OrderBy(s => ReferenceWords.OpensOnTheStateBefore(s.Text) ? 1 : 0).ThenBy(s => kinds.Any(k => IsCounted(k, s.Text)) ? 0 : 1).ThenByDescending(answers).ThenBy(s => kinds.Any(k => AskedCues.Answers(k, s.Text)) ? 0 : 1))
        {
            var pieces = Pieces(sentence.Text).ToList();
            var piece = pieces.FirstOrDefault(p => kinds.Any(k => AskedCues.Answers(k, p))) ?? pieces.FirstOrDefault();
            if (piece is not null) return ($"{name} – “{piece}{(sentence.Text.TrimEnd('.', ' ').EndsWith(piece, StringComparison.Ordinal) ? "" : " …")}”", sentence.Citations[0]);
        }

        return (caseStudy.LeadMember is null ? name : $"{ExtractiveComposer.NameOf(caseStudy.Title, caseStudy.LeadMember)} ({PeriodOf(caseStudy)})", sentences[0].Citations[0]);
    }

    /// <summary>"2016 to 2019", "since 2021" or "undated".</summary>
    public static string PeriodOf(CaseStudy caseStudy) => EvidenceCards.Of(caseStudy).Period.ToString().Split(',')[0];

    private static bool IsCounted(AskKind kind, string text) => kind switch
    {
        AskKind.HowMuch => text.AsSpan().IndexOfAny("£€$") >= 0,
        AskKind.HowMany or AskKind.When => AskedCues.Answers(kind, text),
        _ => false,
    };

    // "While preparing its plan, the council …": what stands before the comma says nothing alone.
    private static readonly HashSet<string> Subordinating = new(
        ["while", "when", "after", "as", "although", "though", "if", "because", "since", "with", "without", "before", "where", "given", "faced", "following", "once", "until", "to", "for", "by", "under", "during", "through", "despite", "unlike", "instead", "besides"], StringComparer.Ordinal);

    private static readonly HashSet<string> Joining = new(["and", "but", "which", "while", "so", "who", "where", "as", "since", "because", "with"], StringComparer.Ordinal);

    // What stands before one of these is taken back, or half of it is.
    private static readonly HashSet<string> Turning = new(["but", "yet", "while", "whereas", "although", "though", "however", "instead", "rather", "except", "unless"], StringComparer.Ordinal);

    // "… ; yet councils cannot ignore it" speaks against what it was cut from.
    private static readonly HashSet<string> Contrasting = new(["and", "but", "or", "nor", "yet", "however", "so", "hence", "thus", "instead", "otherwise", "especially", "particularly", "including", "among", "such", "which", "who", "whose"], StringComparer.Ordinal);

    // Words that only a clause has; a list of things after a colon has none.
    private static readonly HashSet<string> Finite = new(["is", "are", "was", "were", "has", "have", "had", "can", "could", "will", "would", "may", "might", "must", "does", "do", "did"], StringComparer.Ordinal);

    // A whole sentence when it is short; else its beginning up to a stop, which names who did it; else what stands between its stops.
    private static IEnumerable<string> Pieces(string sentence)
    {
        var whole = sentence.TrimEnd('.', ' ');
        if (whole.Length <= LongestPiece)
        {
            if (!ReferenceWords.Opens(whole) && !Contrasting.Contains(Words.Split(whole).FirstOrDefault().Text ?? "")) yield return whole;
            yield break;
        }

        if (!ReferenceWords.Opens(whole) && !Subordinating.Contains(Words.Split(whole).First().Text))
        {
            for (var at = LongestPiece; at >= ShortestPiece; at--)
            {
                // A comma ends a clause only before a word that joins the next one: "Cardiff, among the first cities, wants …" is one clause.
                if (whole[at] is not (';' or ':' or ',') || whole[at + 1] != ' ' || IsOpen(whole, at)) continue;
                if (whole[at] == ',' && !Joining.Contains(Words.Split(whole[(at + 1)..]).First().Text)) continue;
                if (ReferenceWords.Ends(whole[..at]) || Turning.Contains(Words.Split(whole[(at + 1)..]).FirstOrDefault().Text ?? "")) continue;
                yield return whole[..at];
                break;
            }
        }

        // What a sentence turns to is its point: "Food banks are the usual answer, but Northbeck built a shop."
        if (whole.IndexOf(", but ", StringComparison.Ordinal) is >= 0 and var turn && whole[(turn + 6)..] is { Length: >= ShortestPiece and <= LongestPiece } point
            && (char.IsUpper(point[0]) || point.StartsWith("the ", StringComparison.Ordinal)) && StandsAlone(point, listed: false)) yield return point;
        var listed = false;
        for (var from = 0; from < whole.Length;)
        {
            var stop = whole.IndexOfAny([';', ':'], from);
            var end = stop < 0 ? whole.Length : stop;
            var piece = whole[from..end].Trim();
            if (piece.Length is >= ShortestPiece and <= LongestPiece && StandsAlone(piece, listed)) yield return piece;
            listed |= stop >= 0 && whole[stop] == ':';
            from = end + 1;
        }
    }

    // After a colon comes what was announced: a clause of its own, or things in a row, which said alone are claimed of the council.
    private static bool StandsAlone(string piece, bool listed)
    {
        var words = Words.Split(piece).Select(w => w.Text).ToList();
        return words.Count > 0 && !ReferenceWords.Opens(piece) && !ReferenceWords.Ends(piece) && !Contrasting.Contains(words[0]) && !Subordinating.Contains(words[0]) && (!listed || MainClause.Of(piece).Any(Finite.Contains));
    }

    // Inside brackets or quotation marks.
    private static bool IsOpen(string text, int at)
    {
        var before = text.AsSpan(0, at);
        return before.Count('(') > before.Count(')') || before.Count('“') > before.Count('”') || before.Count('\'') % 2 == 1 && before.Contains(" '", StringComparison.Ordinal);
    }
}
