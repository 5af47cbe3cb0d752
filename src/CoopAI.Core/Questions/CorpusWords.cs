using System.Globalization;
using System.Numerics;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Ranking;

namespace CoopAI.Core.Questions;

/// <summary>What a reading needs to know of the case studies: their words, pairs of words, topics and members.</summary>
/// <remarks>Immutable and safe for concurrent use. Built once for each state of the corpus.</remarks>
public sealed class CorpusWords
{
    /// <summary>English words up to this frequency rank may stand in for a typing fault.</summary>
    private const int CommonEnglish = 5_000;

    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stems = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _pairs = [];
    private readonly (string Word, uint Letters, int Uses, int Rank)[] _candidates;
    private readonly Dictionary<string, List<string>> _skeletons = new(StringComparer.Ordinal);
    private readonly ILookup<string, (string[] Stems, string Topic)> _topics;
    private readonly CaseStudy[] _caseStudies;
    private readonly Dictionary<int, List<string>> _years = [];

    private CorpusWords(IReadOnlyCollection<CaseStudy> caseStudies, CouncilTable councils)
    {
        _caseStudies = [.. caseStudies.OrderBy(c => c.Slug, StringComparer.Ordinal)];
        var topics = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var c in caseStudies)
        {
            foreach (var topic in c.Topics) topics[topic] = topics.GetValueOrDefault(topic) + 1;
            foreach (var text in c.Topics.Append(c.Title).Append(c.Text).Concat(c.Councils)) Take(text);
        }

        foreach (var c in _caseStudies)
        {
            foreach (var year in YearsOf(c))
            {
                if (!_years.TryGetValue(year, out var slugs)) _years[year] = slugs = [];
                slugs.Add(c.Slug);
            }
        }

        Members = [.. caseStudies.SelectMany(c => c.Councils).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (var word in councils.ByFirstWord.Values.SelectMany(v => v).SelectMany(n => n.Words)) _words.TryAdd(word, 0);
        foreach (var word in _words.Keys) _stems.Add(PorterStemmer.Stem(word));
        _candidates = [.. _words.Where(w => w.Key.Length >= 4 && w.Key.All(char.IsAsciiLetter)).Select(w => (w.Key, LettersOf(w.Key), Math.Max(w.Value, 1), int.MaxValue))
            .Concat(English().Where(w => w.Word.Length >= 4 && !_words.ContainsKey(w.Word)).Select(w => (w.Word, LettersOf(w.Word), 0, w.Rank)))
            .OrderBy(w => w.Item1, StringComparer.Ordinal)];
        foreach (var (word, _, _, _) in _candidates)
        {
            var skeleton = Skeleton(word);
            if (skeleton.Length < 3) continue;
            if (!_skeletons.TryGetValue(skeleton, out var list)) _skeletons[skeleton] = list = [];
            list.Add(word);
        }

        // A topic of one word that every tenth text holds tells nothing.
        _topics = topics.Keys.Select(t => (Stems: TopicStems([.. Typed.Split(t).Select(w => w.Text)]), t))
            .Where(t => t.Stems.Length > 1 || (t.Stems.Length == 1 && caseStudies.Count(c => c.Text.Contains(t.t, StringComparison.OrdinalIgnoreCase)) * 10 <= caseStudies.Count))
            .ToLookup(t => t.Stems[0], StringComparer.Ordinal);
    }

    /// <summary>Lead and participating members of all case studies, in ordinal order.</summary>
    public IReadOnlyList<string> Members { get; }

    /// <summary>Takes stock of the corpus.</summary>
    public static CorpusWords Of(IReadOnlyCollection<CaseStudy> caseStudies, CouncilTable councils)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        ArgumentNullException.ThrowIfNull(councils);
        return new CorpusWords(caseStudies, councils);
    }

    /// <summary>Slugs of the case studies that one of these members led or took part in, then of those that only name the place; each in ordinal order.</summary>
    /// <param name="place">Name of the place in small letters, or empty: nobody is looked for by name.</param>
    internal IReadOnlyList<string> SlugsOf(IReadOnlyCollection<string> members, string place)
    {
        var own = _caseStudies.Where(c => c.Councils.Any(members.Contains)).Select(c => c.Slug).ToList();
        if (place.Length > 0) own.AddRange(_caseStudies.Where(c => !own.Contains(c.Slug) && (Names(c.Title, place) || Names(c.Text, place))).Select(c => c.Slug));
        return own;

        static bool Names(string text, string place)
        {
            for (var at = text.IndexOf(place, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(place, at + 1, StringComparison.OrdinalIgnoreCase))
            {
                if (char.IsUpper(text[at]) && (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + place.Length == text.Length || !char.IsLetterOrDigit(text[at + place.Length]))) return true;
            }

            return false;
        }
    }

    /// <summary>Slugs of the case studies that are dated to these years or name one of them, in ordinal order.</summary>
    internal IReadOnlyList<string> SlugsOf(int? from, int? to) =>
        [.. _years.Where(y => (from is null || y.Key >= from) && (to is null || y.Key <= to)).SelectMany(y => y.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    internal bool Holds(string word) => _words.ContainsKey(word);

    /// <summary>Whether the word needs no correction: it or its stem stands in the corpus or in a large list of English words.</summary>
    internal bool Knows(string word)
    {
        if (word.Length == 0 || char.IsAsciiDigit(word[0]) || StopWords.Contains(word) || _words.ContainsKey(word) || WordVectors.Shipped.RowOf(word) >= 0) return true;
        var stem = PorterStemmer.Stem(word);
        if (_stems.Contains(stem)) return true;
        if (word[^1] == 's' && IsEnglish(word[..^1])) return true;
        foreach (var ending in Endings)
        {
            if (word.EndsWith(ending, StringComparison.Ordinal) && word.Length > ending.Length + 3 && word[..^ending.Length] is var root && (IsEnglish(root) || IsEnglish(root + "e") || _stems.Contains(root))) return true;
        }

        foreach (var prefix in Prefixes)
        {
            if (word.StartsWith(prefix, StringComparison.Ordinal) && word.Length > prefix.Length + 3 && Knows(word[prefix.Length..])) return true;
        }

        return false;
    }

    internal static bool IsEnglish(string word) => WordVectors.Shipped.RowOf(word) >= 0;

    /// <summary>Whether the corpus writes these two words one after the other, in any ending.</summary>
    internal bool HoldsPair(string first, string second) => _pairs.Contains((PorterStemmer.Stem(first), PorterStemmer.Stem(second)));

    /// <summary>The topics that these words name, longest first at each place.</summary>
    internal IEnumerable<string> TopicsIn(IReadOnlyList<string> words)
    {
        var stems = words.Select(PorterStemmer.Stem).ToArray();
        for (var i = 0; i < stems.Length; i++)
        {
            foreach (var (topicStems, topic) in _topics[stems[i]].Concat(_topics[Singular(words[i])].Where(t => t.Stems.Length == 1)).OrderByDescending(t => t.Stems.Length).ThenBy(t => t.Topic, StringComparer.Ordinal))
            {
                if (i + topicStems.Length > stems.Length || (topicStems.Length > 1 ? !stems.AsSpan(i, topicStems.Length).SequenceEqual(topicStems) : topicStems[0] != Singular(words[i]))) continue;
                yield return topic;
                i += topicStems.Length - 1;
                break;
            }
        }
    }

    /// <summary>The word that was most likely meant, or null: none is near enough.</summary>
    /// <param name="word">One that <see cref="Knows"/> does not know.</param>
    internal string? Nearest(string word)
    {
        if (word.Length < 4 || !word.All(char.IsAsciiLetter)) return null;
        (double Cost, string Word)? best = null;
        if (Vowels(word) < 3 && _skeletons.TryGetValue(Skeleton(word), out var same))
        {
            // "residnts", "lngth": vowels left out.
            foreach (var candidate in same)
            {
                if (candidate.Length > word.Length && candidate.Length - word.Length <= 4 && candidate[0] == word[0] && IsWithin(word, candidate)) Take(candidate, 0.8 + (0.1 * (candidate.Length - word.Length)));
            }
        }

        if (word.Length >= 5)
        {
            var most = word.Length >= 8 ? 2 : 1;
            var letters = LettersOf(word);
            foreach (var (candidate, own, _, _) in _candidates)
            {
                if (Math.Abs(candidate.Length - word.Length) > most || BitOperations.PopCount(letters ^ own) > 2 * most) continue;
                if (candidate[0] != word[0] && !(candidate[0] == word[1] && candidate[1] == word[0])) continue;
                // "muddle" is no slip for "middle": in a short word one letter for another is more often a word that no list knows.
                if (word.Length <= 7 && candidate.Length == word.Length && letters != own) continue;
                var distance = Distance(word, candidate, most);
                // Of general English only the nearest: a rare word that nobody holds is more often right than a slip.
                if (distance <= (_words.ContainsKey(candidate) ? most : 1)) Take(candidate, distance);
            }
        }

        return best?.Word;

        void Take(string candidate, double cost)
        {
            cost -= _words.TryGetValue(candidate, out var uses) ? 0.4 + (0.01 * Math.Min(uses, 20)) : 0.1 * (1 - (WordVectors.Shipped.RowOf(candidate) / 30_000d));
            if (best is null || cost < best.Value.Cost || (cost == best.Value.Cost && string.CompareOrdinal(candidate, best.Value.Word) < 0)) best = (cost, candidate);
        }
    }

    private static readonly string[] Endings = ["or", "ors", "er", "ers", "ed", "ing", "ly", "ish", "ness", "able", "less", "y", "ery", "ist", "ists", "ism", "hood", "ship", "ships", "ful", "wise", "wide", "work", "led", "based"];
    private static readonly string[] Prefixes = ["re", "un", "non", "pre", "post", "co", "anti", "sub", "over", "under", "micro", "multi", "inter", "mis", "self", "e"];

    // One word's stem fits too much: "community" and "communications" share theirs.
    private static string[] TopicStems(string[] words) => words.Length == 1 ? [Singular(words[0])] : [.. words.Select(PorterStemmer.Stem)];

    private static string Singular(string word) => word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal) ? word[..^3] + "y" : word.Length > 3 && word[^1] == 's' && word[^2] != 's' ? word[..^1] : word;

    private static IEnumerable<int> YearsOf(CaseStudy c)
    {
        var years = new SortedSet<int>();
        if (c.Year is { } year) years.Add(year);
        foreach (var word in Typed.Split(c.Text))
        {
            if (word.Text.Length == 4 && int.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var named) && named is >= 1950 and <= 2100) years.Add(named);
        }

        return years;
    }

    private void Take(string text)
    {
        string? previous = null;
        foreach (var word in Typed.Split(text))
        {
            _words[word.Text] = _words.GetValueOrDefault(word.Text) + 1;
            var stem = PorterStemmer.Stem(word.Text);
            if (previous is not null) _pairs.Add((previous, stem));
            previous = stem;
        }
    }

    private static IEnumerable<(string Word, int Rank)> English() => WordVectors.Shipped.Names.Take(CommonEnglish).Select((w, i) => (w, i));

    private static uint LettersOf(string word)
    {
        uint letters = 0;
        foreach (var c in word) letters |= c is >= 'a' and <= 'z' ? 1u << (c - 'a') : 1u << 26;
        return letters;
    }

    private static int Vowels(string word) => word.Count(IsVowel);

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';

    private static string Skeleton(string word) => string.Concat(word.Where(c => !IsVowel(c)));

    private static bool IsWithin(string part, string whole)
    {
        var at = 0;
        foreach (var c in whole)
        {
            if (at < part.Length && part[at] == c) at++;
        }

        return at == part.Length;
    }

    // Letters left out, added, changed or two neighbours exchanged; stops counting above the limit.
    private static int Distance(string a, string b, int most)
    {
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost = Math.Min(cost, before[j - 2] + 1);
                row[j] = cost;
                least = Math.Min(least, cost);
            }

            if (least > most) return least;
            last.CopyTo(before);
            row.CopyTo(last);
        }

        return last[b.Length];
    }
}
