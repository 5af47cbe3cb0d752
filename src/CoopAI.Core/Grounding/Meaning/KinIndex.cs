namespace CoopAI.Core.Grounding.Meaning;

/// <summary>The content words of a passage by stem, synonym group and beginning.</summary>
internal sealed class KinIndex
{
    private const int RootLength = 5;

    private readonly HashSet<string> _keys;
    private readonly Dictionary<int, List<string>> _byGroup = [];
    private readonly Dictionary<string, List<string>> _byRoot = new(StringComparer.Ordinal);

    public KinIndex(IEnumerable<string> keys, GroundingLexicon lexicon)
    {
        _keys = keys.ToHashSet(StringComparer.Ordinal);
        foreach (var key in _keys.Order(StringComparer.Ordinal))
        {
            foreach (var group in lexicon.SynonymGroups(key)) Add(_byGroup, group, key);
            if (key.Length >= RootLength) Add(_byRoot, key[..RootLength], key);
        }
    }

    /// <summary>The passage's words near to <paramref name="word"/>: 1 same stem, 0.85 synonym, 0.8 narrower or of one root. Each once.</summary>
    public IEnumerable<(string Key, double Strength)> Of(string word, GroundingLexicon lexicon)
    {
        if (_keys.Contains(word)) yield return (word, 1);
        var taken = new HashSet<string>(StringComparer.Ordinal) { word };
        foreach (var key in Synonyms(word, lexicon))
        {
            if (taken.Add(key)) yield return (key, 0.85);
        }

        foreach (var key in lexicon.Narrower(word))
        {
            if (_keys.Contains(key) && taken.Add(key)) yield return (key, 0.8);
        }

        if (word.Length < RootLength || !_byRoot.TryGetValue(word[..RootLength], out var alike)) yield break;
        foreach (var key in alike)
        {
            if (!taken.Contains(key) && OneRoot(word, key) && !lexicon.AreOpposites(word, key) && !lexicon.AreContrasts(word, key)) yield return (key, 0.8);
        }
    }

    /// <summary>The passage's words that share a synonym group with a word or two-word expression.</summary>
    public IEnumerable<string> Synonyms(string word, GroundingLexicon lexicon) =>
        lexicon.SynonymGroups(word).SelectMany(g => _byGroup.GetValueOrDefault(g, [])).Distinct(StringComparer.Ordinal);

    // "collaborat" and "collabor", "particip" and "participatori": a long common beginning that makes up most of both.
    private static bool OneRoot(string a, string b)
    {
        var shorter = Math.Min(a.Length, b.Length);
        var common = 0;
        while (common < shorter && a[common] == b[common]) common++;
        return common >= RootLength && common >= 0.6 * Math.Max(a.Length, b.Length) && common >= shorter - 2;
    }

    private static void Add<T>(Dictionary<T, List<string>> map, T at, string key)
        where T : notnull
    {
        if (!map.TryGetValue(at, out var list)) map[at] = list = [];
        list.Add(key);
    }
}
