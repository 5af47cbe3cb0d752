using CoopAI.Core.Language;

namespace CoopAI.Core.Briefs;

/// <summary>Knows the words with which a sentence points to the one before it.</summary>
internal static class ReferenceWords
{
    private static readonly HashSet<string> Alone = Set("it its they their them this that these those he she his her both such so also then there here each another since");

    // "The same", "the scheme": only with "the" before them.
    private static readonly HashSet<string> AfterThe = Set("same first second third latter former two three others other scheme programme project pilot group panel fund service plan partnership work");

    /// <summary>Whether a sentence begins with one: it cannot be understood without the one before.</summary>
    public static bool Opens(string sentence)
    {
        var words = Words.Split(sentence).Take(2).Select(w => w.Text).ToList();
        return words.Count > 0 && (Alone.Contains(words[0]) || (words.Count > 1 && words[0] == "the" && AfterThe.Contains(words[1])));
    }

    // "The council chose this:" cut off at its colon leaves its last word pointing at what came before.
    private static readonly HashSet<string> Back = Set("this that these those it them they he she him her such so there then here which who");

    /// <summary>Whether a piece of a sentence ends in one: what it tells is left open.</summary>
    public static bool Ends(string piece) => Words.Split(piece).LastOrDefault().Text is { } last && Back.Contains(last);

    private static readonly HashSet<string> Formerly = Set("previously formerly traditionally historically originally hitherto");
    private static readonly HashSet<string> Changes = Set("change changes reform reforms transfer switch move pandemic covid this that these then");

    /// <summary>Whether a sentence opens on how things stood before the work: "Before the change, 25 providers …", "Until 2018 a contractor …".</summary>
    public static bool OpensOnTheStateBefore(string sentence)
    {
        var words = Words.Split(sentence).Take(3).Select(w => w.Text).ToList();
        return words switch
        {
            [var first, ..] when Formerly.Contains(first) => true,
            ["until", "recently" or "lately" or "then" or "now", ..] or ["in", "the", "past"] or ["up", "to", "now" or "then"] => true,
            ["until", var when, ..] when char.IsAsciiDigit(when[0]) => true,
            ["until" or "before" or "prior", "the" or "to", var what] => Changes.Contains(what),
            ["until" or "before", var what, ..] => Changes.Contains(what),
            _ => false,
        };
    }

    private static HashSet<string> Set(string words) => new(words.Split(' '), StringComparer.Ordinal);
}
