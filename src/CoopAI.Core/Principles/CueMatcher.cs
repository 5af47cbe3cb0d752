using CoopAI.Core.Language;
using CoopAI.Core.Principles;

namespace CoopAI.Core.Principles;

/// <summary>Finds the principles' cues in sentences, on stemmed words.</summary>
/// <remarks>Immutable and thread-safe. Time is linear in the sentence's words plus the number of cues.</remarks>
internal sealed class CueMatcher
{
    private static readonly string[] JoinedPrefixes = ["cooperat", "coproduc", "codesign", "cocreat", "cocommission"];

    private readonly Dictionary<string, List<(string[] Stems, int Id)>> _byFirst = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    // Per principle, strong then weak: a cue is a list of parts, all of which must occur; a part is the ids of phrases, any of which will do.
    private readonly int[][][][][] _cues;

    /// <param name="bad">Makes the error for a principle's cue (by position) that cannot be used.</param>
    public CueMatcher(IReadOnlyDictionary<string, IReadOnlyList<string>> groups, IReadOnlyList<Principle> principles, Func<int, string, string, Exception> bad)
    {
        _cues = new int[principles.Count][][][][];
        for (var p = 0; p < principles.Count; p++)
        {
            var at = p;
            _cues[p] = [.. new[] { principles[p].StrongCues, principles[p].WeakCues }.Select(cues => cues.Select(cue => Parse(at, cue)).ToArray())];
        }

        int[][] Parse(int p, string cue) => [.. cue.Split('&', StringSplitOptions.TrimEntries).Select(part => part switch
        {
            "" => throw bad(p, cue, "has an empty part beside \"&\""),
            ['{', .., '}'] => groups.TryGetValue(part[1..^1], out var members)
                ? members.Select(m => PhraseId(m) ?? throw bad(p, cue, $"uses the word group {part}, whose \"{m}\" holds no word")).ToArray()
                : throw bad(p, cue, $"names the word group {part}, which is not defined"),
            _ => [PhraseId(part) ?? throw bad(p, cue, "holds no word")],
        })];
    }

    /// <summary>Stems with stop words kept, "co-operative" and "cooperative" alike.</summary>
    public static string[] Stems(string text)
    {
        var stems = new List<string>();
        foreach (var word in Words.Split(text))
        {
            if (Array.Exists(JoinedPrefixes, p => word.Text.StartsWith(p, StringComparison.Ordinal)))
            {
                stems.Add("co");
                stems.Add(PorterStemmer.Stem(word.Text[2..]));
            }
            else stems.Add(PorterStemmer.Stem(word.Text));
        }

        return [.. stems];
    }

    /// <summary>How many strong and weak cues of each principle the sentence holds: strong of the first principle, weak of it, strong of the second …</summary>
    public void Count(ReadOnlySpan<string> stems, Span<int> counts)
    {
        Span<bool> found = _ids.Count <= 4096 ? stackalloc bool[_ids.Count] : new bool[_ids.Count];
        found.Clear();
        for (var i = 0; i < stems.Length; i++)
        {
            if (!_byFirst.TryGetValue(stems[i], out var phrases)) continue;
            foreach (var (phrase, id) in phrases)
            {
                if (i + phrase.Length <= stems.Length && stems.Slice(i, phrase.Length).SequenceEqual(phrase)) found[id] = true;
            }
        }

        for (var p = 0; p < _cues.Length; p++)
        {
            for (var kind = 0; kind < 2; kind++)
            {
                var count = 0;
                foreach (var cue in _cues[p][kind]) count += All(cue, found) ? 1 : 0;
                counts[(2 * p) + kind] = count;
            }
        }
    }

    private static bool All(int[][] cue, ReadOnlySpan<bool> found)
    {
        foreach (var part in cue)
        {
            var any = false;
            foreach (var id in part) any |= found[id];
            if (!any) return false;
        }

        return true;
    }

    private int? PhraseId(string phrase)
    {
        var stems = Stems(phrase);
        if (stems.Length == 0) return null;
        var key = string.Join(' ', stems);
        if (_ids.TryGetValue(key, out var known)) return known;
        if (!_byFirst.TryGetValue(stems[0], out var list)) _byFirst.Add(stems[0], list = []);
        list.Add((stems, _ids.Count));
        _ids.Add(key, _ids.Count);
        return _ids.Count - 1;
    }
}
