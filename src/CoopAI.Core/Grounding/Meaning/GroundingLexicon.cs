using System.Collections.Frozen;
using System.Globalization;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Meaning;

/// <summary>The word lists that the grounding check compares by, from <c>prompts/guidance/grounding-words.txt</c>, and how common each word is.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class GroundingLexicon
{
    private static readonly string[] SectionNames = ["synonyms", "opposites", "contrasts", "broader", "forms"];
    private static readonly Lazy<GroundingLexicon> Shipped = new(() => Parse(Resource("grounding-words.txt"), "grounding-words.txt"));
    private static readonly Lazy<FrozenDictionary<string, int>> Frequencies = new(ReadFrequencies);

    private static readonly FrozenSet<string> NoAdverbs =
        new[] { "family", "supply", "assembly", "multiply", "comply", "anomaly", "butterfly", "monopoly", "elderly", "homely" }.ToFrozenSet(StringComparer.Ordinal);

    // Facts are kept for this many words, about 3 MB; further words are looked up each time.
    private const int MostRemembered = 20_000;

    private readonly BoundedMemory<WordFacts> _facts;
    private readonly FrozenSet<string> _phraseHeads;
    private readonly FrozenSet<string> _verbs;
    private readonly FrozenDictionary<string, string> _baseForms;
    private readonly FrozenSet<string> _pastForms;
    private readonly FrozenDictionary<string, int[]> _synonyms;
    private readonly FrozenDictionary<string, int[]> _left;
    private readonly FrozenDictionary<string, int[]> _right;
    private readonly FrozenDictionary<string, int[]> _contrasts;
    private readonly FrozenDictionary<string, FrozenSet<string>> _broader;

    private GroundingLexicon(Dictionary<string, List<(int Line, string Text)>> sections, string file)
    {
        var baseForms = new Dictionary<string, string>(StringComparer.Ordinal);
        var past = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, text) in sections["forms"])
        {
            var (word, forms) = Pair(text, ':', line, file);
            foreach (var form in Entries(forms))
            {
                baseForms.TryAdd(form, word);
                past.Add(form);
            }
        }

        _baseForms = baseForms.ToFrozenDictionary(StringComparer.Ordinal);
        _pastForms = past.ToFrozenSet(StringComparer.Ordinal);

        var synonyms = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var group = 0;
        foreach (var (_, text) in sections["synonyms"])
        {
            foreach (var entry in Entries(text)) Add(synonyms, KeyOf(entry), group);
            group++;
        }

        var left = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var right = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var (line, text) in sections["opposites"])
        {
            var (a, b) = Pair(text, '|', line, file);
            foreach (var entry in Entries(a)) Add(left, KeyOf(entry), group);
            foreach (var entry in Entries(b)) Add(right, KeyOf(entry), group);
            group++;
        }

        var contrasts = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var (_, text) in sections["contrasts"])
        {
            foreach (var entry in Entries(text)) Add(contrasts, KeyOf(entry), group);
            group++;
        }

        var broader = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal);
        foreach (var (line, text) in sections["broader"])
        {
            var (word, specific) = Pair(text, ':', line, file);
            broader[KeyOf(word)] = Entries(specific).Select(KeyOf).ToFrozenSet(StringComparer.Ordinal);
        }

        // What has a past form is a verb, whatever else it is.
        _verbs = Frequencies.Value.Keys.Where(w => w.Length > 4 && w.EndsWith("ed", StringComparison.Ordinal)).Concat(_baseForms.Values).Select(Stem).ToFrozenSet(StringComparer.Ordinal);
        _synonyms = Freeze(synonyms);
        _left = Freeze(left);
        _right = Freeze(right);
        _contrasts = Freeze(contrasts);
        _broader = broader.ToFrozenDictionary(StringComparer.Ordinal);
        _phraseHeads = synonyms.Keys.Concat(left.Keys).Concat(right.Keys).Where(k => k.Contains(' ', StringComparison.Ordinal))
            .Select(k => k[..k.IndexOf(' ', StringComparison.Ordinal)]).ToFrozenSet(StringComparer.Ordinal);
        _facts = new(MostRemembered, word => AnalysedText.FactsOf(word, this));
    }

    /// <summary>The lists that ship with the product.</summary>
    public static GroundingLexicon Default => Shipped.Value;

    /// <summary>Reads lists in the format that the shipped file's head describes.</summary>
    /// <param name="file">Name for error messages.</param>
    /// <exception cref="FormatException">Names file, line and what would be right.</exception>
    public static GroundingLexicon Parse(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sections = SectionNames.ToDictionary(n => n, _ => new List<(int, string)>(), StringComparer.Ordinal);
        List<(int, string)>? section = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Split('#')[0].Trim();
            if (line.Length == 0) continue;
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                if (!sections.TryGetValue(line[1..^1], out section))
                    throw Bad(file, number, $"there is no section {line}; the sections are {string.Join(", ", SectionNames)}");
            }
            else
            {
                (section ?? throw Bad(file, number, "an entry stands before the first [section]")).Add((number, line.ToLowerInvariant()));
            }
        }

        return new GroundingLexicon(sections, file);
    }

    /// <summary>In how many of about 4,500 sentences on councils' work the lower-case word stands; 0 for a word not seen, which may be a name.</summary>
    public static int Frequency(string word) => Frequencies.Value.GetValueOrDefault(word);

    /// <summary>How much a word tells, in [1, 3.6]: rarer words tell more.</summary>
    public static double Weight(string word) => 1 + (Math.Log(4500.0 / (Frequency(word) + 5)) / Math.Log(4500.0 / 5) * 2.6);

    /// <summary>Base form of an irregular form, British spelling levelled, stemmed. Two words give their first content word with the other behind it.</summary>
    public string KeyOf(string word)
    {
        var space = word.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? Stem(word) : string.Join(' ', word.Split(' ').Select(Stem));
    }

    /// <summary>What is known of a lower-case word.</summary>
    internal WordFacts FactsOf(string word) => _facts.Of(word);

    /// <summary>Whether a listed expression of several words begins with this key.</summary>
    internal bool BeginsPhrase(string key) => _phraseHeads.Contains(key);

    internal bool IsIrregularPast(string word) => _pastForms.Contains(word);

    internal bool IsVerb(string key) => _verbs.Contains(key);

    internal int[] SynonymGroups(string key) => _synonyms.GetValueOrDefault(key, []);

    internal bool IsPhrase(string key) => _synonyms.ContainsKey(key) || _left.ContainsKey(key) || _right.ContainsKey(key);

    internal int[] LeftOf(string key) => _left.GetValueOrDefault(key, []);

    internal int[] RightOf(string key) => _right.GetValueOrDefault(key, []);

    internal int[] Contrasts(string key) => _contrasts.GetValueOrDefault(key, []);

    /// <summary>What the word may stand for.</summary>
    internal IEnumerable<string> Narrower(string general) => _broader.TryGetValue(general, out var set) ? set.Order(StringComparer.Ordinal) : [];

    /// <summary>Whether <paramref name="general"/> may stand for <paramref name="specific"/>.</summary>
    internal bool IsBroader(string general, string specific) => _broader.TryGetValue(general, out var set) && set.Contains(specific);

    internal bool AreSynonyms(string a, string b) => a == b || SynonymGroups(a).AsSpan().ContainsAny(SynonymGroups(b));

    internal bool AreOpposites(string a, string b) =>
        LeftOf(a).AsSpan().ContainsAny(RightOf(b)) || RightOf(a).AsSpan().ContainsAny(LeftOf(b)) || Denies(a, b) || Denies(b, a);

    // "unequal" and "equal", "informal" and "formal", "disapprove" and "approve".
    private static bool Denies(string longer, string word) =>
        word.Length >= 4 && longer.Length is var n && (n - word.Length is 2 or 3) && longer.EndsWith(word, StringComparison.Ordinal)
        && longer[..(n - word.Length)] is "un" or "in" or "im" or "ir" or "il" or "dis" or "non" or "mis";

    internal bool AreOpposites(AnalysedToken a, AnalysedToken b) =>
        AreOpposites(a.Key, b.Key) || Denies(a.Text, b.Text) || Denies(b.Text, a.Text)
        || (a.Phrase is { } p && AreOpposites(p, b.Phrase ?? b.Key)) || (b.Phrase is { } q && AreOpposites(a.Key, q));

    internal bool AreContrasts(string a, string b) => a != b && Contrasts(a).AsSpan().ContainsAny(Contrasts(b));

    private string Stem(string word)
    {
        if (_baseForms.TryGetValue(word, out var root)) word = root;
        // "Slowly" is compared as "slow".
        if (word.Length > 5 && word.EndsWith("ly", StringComparison.Ordinal) && !NoAdverbs.Contains(word)) word = word[..^2];
        // British and American spelling of -ise are one word; that "promise" is spelt with z here harms nobody, both sides are.
        if (word.Length > 6)
        {
            word = word.Replace("isation", "ization", StringComparison.Ordinal).Replace("ising", "izing", StringComparison.Ordinal);
            if (word.EndsWith("ise", StringComparison.Ordinal) || word.EndsWith("ised", StringComparison.Ordinal) || word.EndsWith("ises", StringComparison.Ordinal))
            {
                var at = word.LastIndexOf("is", StringComparison.Ordinal);
                word = $"{word[..at]}iz{word[(at + 2)..]}";
            }
        }

        return PorterStemmer.Stem(word);
    }

    private static void Add(Dictionary<string, List<int>> map, string key, int group)
    {
        if (!map.TryGetValue(key, out var groups)) map[key] = groups = [];
        if (!groups.Contains(group)) groups.Add(group);
    }

    private static FrozenDictionary<string, int[]> Freeze(Dictionary<string, List<int>> map) =>
        map.ToFrozenDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);

    private static IEnumerable<string> Entries(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(e => e.Replace("co-op", "coop", StringComparison.Ordinal).Replace('-', ' '));

    private static (string, string) Pair(string text, char mark, int line, string file)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        if (at <= 0 || at == text.Length - 1) throw Bad(file, line, $"expected words on both sides of '{mark}'");
        return (text[..at].Trim(), text[(at + 1)..].Trim());
    }

    private static FormatException Bad(string file, int line, string what) =>
        new(FormattableString.Invariant($"{file}, line {line}: {what}."));

    private static FrozenDictionary<string, int> ReadFrequencies()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in Resource("word-frequencies.txt").Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var count = int.Parse(line.AsSpan(0, colon), CultureInfo.InvariantCulture);
            foreach (var word in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)) counts[word.Replace("'", "", StringComparison.Ordinal)] = count;
        }

        return counts.ToFrozenDictionary(StringComparer.Ordinal);
    }

    internal static string Resource(string name)
    {
        using var stream = typeof(GroundingLexicon).Assembly.GetManifestResourceStream($"CoopAI.Core.Grounding.Meaning.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing from the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
