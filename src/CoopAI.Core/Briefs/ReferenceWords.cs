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

    private static HashSet<string> Set(string words) => new(words.Split(' '), StringComparer.Ordinal);
}
