using CoopAI.Core.Language;

namespace CoopAI.Core.Guidance.Learning;

/// <summary>What a classifier reads in a question: words, pairs of words, pairs with one word between, and pieces of three and four letters.</summary>
/// <remarks>
/// Names of parties become one word, and so does a title with the name after it: what is learnt about one of them then holds for all.
/// Numbers become 0. The phrases are data: <c>prompts/guidance/question-words.txt</c>.
/// </remarks>
internal sealed class QuestionFeatures
{
    /// <summary>Stands for the name of a party; a person cannot type it, since digits become 0.</summary>
    public const string Party = "1party";

    /// <summary>Stands for a title and the name after it.</summary>
    public const string TitledName = "1person";

    private readonly List<string[]> parties;
    private readonly List<string[]> notParties;
    private readonly HashSet<string> titles;

    public QuestionFeatures(ListFile list)
    {
        list.Only("party", "not-a-party", "title");
        parties = Phrases("party");
        notParties = Phrases("not-a-party");
        titles = [.. list.Lines("title").SelectMany(l => l.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

        List<string[]> Phrases(string section) =>
            [.. list.Lines(section).SelectMany(l => l.Text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(p => Raw(p).ToArray()).OrderByDescending(p => p.Length).ThenBy(p => string.Join(' ', p), StringComparer.Ordinal)];
    }

    /// <summary>The words in order, with their classes; "?" and "!" are words.</summary>
    public IReadOnlyList<string> WordsOf(string text)
    {
        var raw = Raw(TextView.Level(text).Folded.Text);
        var words = new List<string>(raw.Count);
        for (var i = 0; i < raw.Count;)
        {
            if (Starting(notParties, raw, i) is { } spared)
            {
                words.AddRange(spared);
                i += spared.Length;
            }
            else if (Starting(parties, raw, i) is { } party)
            {
                words.Add(Party);
                i += party.Length;
            }
            else if (titles.Contains(raw[i]) && i + 1 < raw.Count && char.IsAsciiLetter(raw[i + 1][0]))
            {
                words.Add(TitledName);
                i += 2;
            }
            else
            {
                words.Add(raw[i++]);
            }
        }

        return words;
    }

    /// <summary>Counts of the features of words ("should we", "should _ him").</summary>
    public static Dictionary<string, int> OfWords(IReadOnlyList<string> words)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
        {
            Count(counts, words[i]);
            if (i + 1 < words.Count) Count(counts, $"{words[i]} {words[i + 1]}");
            if (i + 2 < words.Count) Count(counts, $"{words[i]} _ {words[i + 2]}");
        }

        return counts;
    }

    /// <summary>Counts of pieces of three and four letters, each word with a "_" before and after it: "_evi", "ict_".</summary>
    public static Dictionary<string, int> OfLetters(IReadOnlyList<string> words)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var framed = $"_{(word.Length > 40 ? word[..40] : word)}_";
            for (var length = 3; length <= 4; length++)
            {
                for (var i = 0; i + length <= framed.Length; i++) Count(counts, $"~{framed.AsSpan(i, length)}");
            }
        }

        return counts;
    }

    private static void Count(Dictionary<string, int> counts, string feature) => counts[feature] = counts.GetValueOrDefault(feature) + 1;

    private static string[]? Starting(List<string[]> phrases, List<string> words, int at) =>
        phrases.Find(p => at + p.Length <= words.Count && p.AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(words).Slice(at, p.Length)));

    private static List<string> Raw(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c is '?' or '!')
            {
                words.Add(c.ToString());
                i++;
            }
            else if (char.IsDigit(c))
            {
                while (i < text.Length && char.IsDigit(text[i])) i++;
                words.Add("0");
            }
            else if (char.IsLetter(c))
            {
                var from = i;
                while (i < text.Length && (char.IsLetter(text[i]) || (text[i] is '\'' or '’' && i + 1 < text.Length && char.IsLetter(text[i + 1])))) i++;
                words.Add(text[from..i].Replace('’', '\'').ToLowerInvariant());
            }
            else
            {
                i++;
            }
        }

        return words;
    }
}
