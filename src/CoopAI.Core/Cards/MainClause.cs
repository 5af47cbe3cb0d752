using CoopAI.Core.Language;

namespace CoopAI.Core.Cards;

/// <summary>The words of a sentence outside brackets, opening phrases, relative clauses, reasons and purposes: what it says happened, without what it says beside it.</summary>
/// <remarks>A rule of thumb over word forms, no parser: it errs towards leaving words out.</remarks>
internal static class MainClause
{
    private static readonly CueList Openers = new("in, to, by, with, after, when, since, before, for, at, on, from, during, as, although, though, while, if, among, without, under, because, despite, rather, even, until, through, following, over, across, within");
    private static readonly CueList Asides = new("which, who, whose, where, when, because, since, so, while, although, if, until, whether, how, what");
    private static readonly CueList AfterThat = new("found, find, finds, showed, shows, shown, said, says, concluded, means, agreed, thinks, thought, that");
    private static readonly CueList ToIsPlace = new("led, leads, passed, transferred, moved, came, went, given, gave, handed, added, rose, fell, grew, due, belongs, up, out, back, from, over");
    // "From this came a partnership, which …": the verb stands in the opening.
    private static readonly CueList Inverted = new("came, grew, arose, followed, sprang, emerged");
    private static readonly CueList PlaceWord = new("the, a, an, its, their, this, these, all, every, each, over, more, about, people, others, some, many, parishes, sessions, residents, two, three, four, five, six, seven, eight, nine, ten");
    private static readonly CueList Dates = new("in, by, at, on, since, from, the, early, late, mid, middle, end, of, spring, summer, autumn, winter, year, january, february, march, april, may, june, july, august, september, october, november, december");

    /// <summary>Lower-case words of the main clause or clauses, in order, compounds whole; "," ";" ":" stand between clauses.</summary>
    public static IReadOnlyList<string> Of(string sentence)
    {
        var tokens = Tokens(sentence);
        var start = 0;
        for (var i = 0; i < tokens.Count && i < 8 && (Dates.Word(tokens[i]) || (i > 0 && char.IsAsciiDigit(tokens[i][0]))); i++)
            if (OutcomeFeatures.IsYear(tokens[i])) start = i + 1;
        if (start == 0 && tokens.Count > 0 && (Openers.Word(tokens[0]) || OutcomeFeatures.PastForm(tokens[0])))
        {
            var comma = tokens.IndexOf(",");
            if (comma is > 0 and < 30 && comma < tokens.Count - 3 && !tokens.Take(comma).Any(Inverted.Word)) start = comma + 1;
        }

        var main = new List<string>();
        var aside = false;
        for (var i = start; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token is "," or ";" or ":")
            {
                aside = false;
                if (main.Count > 0) main.Add(token);
            }
            else if (!aside)
            {
                var last = main.Count > 0 ? main[^1] : "";
                aside = Asides.Word(token)
                    || (token == "that" && last is not ("" or "," or ";") && !AfterThat.Word(last))
                    || (token == "to" && i + 1 < tokens.Count && !PlaceWord.Word(tokens[i + 1]) && !ToIsPlace.Word(last) && !char.IsAsciiDigit(tokens[i + 1][0]));
                if (!aside) main.Add(token);
            }
        }

        return main;
    }

    private static List<string> Tokens(string sentence)
    {
        var tokens = new List<string>();
        var at = 0;
        var depth = 0;
        foreach (var word in Words.Split(sentence))
        {
            var joined = word.Span.Start == at + 1 && at > 0 && sentence[at] is '-' or '‐' or '‑';
            if (!joined) Marks(at, word.Span.Start);
            if (depth == 0)
            {
                if (joined && tokens.Count > 0) tokens[^1] += "-" + word.Text;
                else tokens.Add(word.Text);
            }

            at = word.Span.End;
        }

        return tokens;

        void Marks(int from, int to)
        {
            foreach (var c in sentence.AsSpan(from, to - from))
            {
                if (c is '(' or '[') depth++;
                else if (c is ')' or ']' && depth > 0) depth--;
                else if (depth == 0 && c is ',' or ';' or ':' or '–' or '—' && tokens.Count > 0 && tokens[^1] is not ("," or ";" or ":")) tokens.Add(c is ';' ? ";" : c is ':' ? ":" : ",");
            }
        }
    }
}
