using CoopAI.Core.Language;

namespace CoopAI.Core.Corpus;

/// <summary>Another case study that tells the same story.</summary>
/// <param name="Slug">The other one.</param>
/// <param name="Likeness">Share of runs of words that both hold, in [0, 1].</param>
/// <param name="Why">In words, such as "the same text" or "the same title and council, and two figures".</param>
/// <param name="IsSure">By text or address: search counts the two as one. Otherwise it is offered to be looked at.</param>
public sealed record SameStory(string Slug, double Likeness, string Why, bool IsSure);

/// <summary>Finds case studies that tell the same story: by runs of three words that they share, by address, and by title, council and figures.</summary>
/// <remarks>
/// A text's sketch is the set of hashes of its runs of three words (Broder 1997); the lowest of each of 32 permutations find candidates (MinHash), the sets decide.
/// Of a long text every second, fourth … run is kept by its hash, the same in every text, so that a sketch takes a few kilobytes whatever the text's length.
/// Not safe for concurrent use.
/// </remarks>
public sealed class NearDuplicates
{
    // Chosen on pairs of the invented case studies and on the reading tests' pages: the same story in two layouts shares 0.8 and more, two of one council below 0.1.
    private const double SameText = 0.5, MostOfOne = 0.8, SomeText = 0.04;

    private const int Permutations = 32, ShortestRun = 12;

    // Hashes kept of one text: texts of some 500 words are kept whole.
    private const int MostRuns = 512, MostMarks = 256;

    private readonly List<Sketch> _all = [];
    private readonly Dictionary<ulong, List<int>> _byLowest = [];
    private readonly Dictionary<string, int> _byAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<int>> _byTitleWord = new(StringComparer.Ordinal);
    private readonly CouncilTable _councils;

    public NearDuplicates(CouncilTable? councils = null) => _councils = councils ?? CouncilTable.Default;

    private sealed record Sketch(string Slug, string? Address, HashSet<string> Title, string? Lead, int? Year, Sample Runs, Sample Figures, Sample Marks);

    /// <summary>The case study among those added before that tells the same story; null: none. The surest first.</summary>
    public SameStory? Find(CaseStudy caseStudy)
    {
        var sketch = Make(caseStudy);
        var candidates = new HashSet<int>();
        foreach (var lowest in Lowest(sketch.Runs))
        {
            foreach (var i in _byLowest.GetValueOrDefault(lowest) ?? []) candidates.Add(i);
        }

        if (sketch.Address is not null && _byAddress.TryGetValue(sketch.Address, out var same)) candidates.Add(same);
        foreach (var word in sketch.Title)
        {
            if (_byTitleWord.GetValueOrDefault(word) is { Count: < 200 } list) candidates.UnionWith(list);
        }

        return candidates.Select(i => Compare(sketch, _all[i])).Where(s => s is not null && s.Slug != caseStudy.Slug)
            .OrderByDescending(s => s!.IsSure).ThenByDescending(s => s!.Likeness).ThenBy(s => s!.Slug, StringComparer.Ordinal).FirstOrDefault();
    }

    public void Add(CaseStudy caseStudy)
    {
        var sketch = Make(caseStudy);
        var at = _all.Count;
        _all.Add(sketch);
        foreach (var lowest in Lowest(sketch.Runs)) (_byLowest.TryGetValue(lowest, out var list) ? list : _byLowest[lowest] = []).Add(at);
        if (sketch.Address is not null) _byAddress.TryAdd(sketch.Address, at);
        foreach (var word in sketch.Title) (_byTitleWord.TryGetValue(word, out var list) ? list : _byTitleWord[word] = []).Add(at);
    }

    private SameStory? Compare(Sketch a, Sketch b)
    {
        var (inA, inB, shared) = Sample.Compare(a.Runs, b.Runs);
        var union = inA + inB - shared;
        var smaller = Math.Min(inA, inB);
        var likeness = union == 0 ? 0 : (double)shared / union;
        if (a.Address is not null && string.Equals(a.Address, b.Address, StringComparison.OrdinalIgnoreCase)) return new(b.Slug, likeness, "the same address", true);
        // Reports written after one pattern share most words and differ in names and figures: they are stories of their own.
        var (few, many) = a.Runs.Size <= b.Runs.Size ? (a, b) : (b, a);
        var (marks, _, sharedMarks) = Sample.Compare(few.Marks, many.Marks);
        var sameNames = (marks - sharedMarks) * 50 <= marks;
        if (likeness >= SameText && sameNames) return new(b.Slug, likeness, likeness > 0.999 ? "the same text" : "nearly the same text", true);
        if (smaller >= ShortestRun * 2 && (double)shared / smaller >= MostOfOne && sameNames) return new(b.Slug, likeness, "one text holds the other", true);

        // In other words: the same title and council, and something more that two stories seldom share.
        var words = a.Title.Count(b.Title.Contains);
        var titles = a.Title.Count + b.Title.Count - words is > 0 and var all ? (double)words / all : 0;
        var council = a.Lead is not null && b.Lead is not null && _councils.Same(a.Lead, b.Lead);
        var figures = Sample.Compare(a.Figures, b.Figures).Shared;
        var years = a.Year is null || b.Year is null || a.Year == b.Year;
        if (titles >= 0.99 && words > 1 && (council || a.Lead is null || b.Lead is null) && years) return new(b.Slug, likeness, council ? "the same title and council" : "the same title", false);
        if (titles >= 0.5 && words > 1 && council && years && (figures >= 2 || likeness >= SomeText)) return new(b.Slug, likeness, "a like title, the same council and the same figures or words", false);
        return null;
    }

    private static Sketch Make(CaseStudy c)
    {
        var words = Words.Split(c.Text).Select(w => w.Text).ToList();
        var runs = new HashSet<ulong>();
        for (var i = 0; i + 3 <= words.Count; i++) runs.Add(Mix(Hash(words[i]) + (31 * Hash(words[i + 1])) + (961 * Hash(words[i + 2]))));
        if (words.Count is > 0 and < 3) runs.Add(Hash(string.Join(' ', words)));
        return new Sketch(
            c.Slug, AddressOf(c.Url), [.. Words.Split(c.Title).Select(w => PorterStemmer.Stem(w.Text)).Where(w => w.Length > 2 && !StopWords.Contains(w))], c.LeadMember, c.Year, Sample.Of(runs, MostRuns),
            Sample.Of(words.Where(w => w.Length > 1 && char.IsDigit(w[0]) && !(w.Length == 4 && w[0] is '1' or '2')).Select(w => Mix(Hash(w))).ToHashSet(), MostMarks), Sample.Of(Marks(c.Text).Select(m => Mix(Hash(m))).ToHashSet(), MostMarks));
    }

    // What tells two texts of one pattern apart: names and everything with a figure in it.
    private static HashSet<string> Marks(string text)
    {
        var marks = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in Words.Split(text))
        {
            if (word.Text.Any(char.IsDigit) || char.IsUpper(text[word.Span.Start])) marks.Add(word.Text);
        }

        return marks;
    }

    // "http://www.x/y/" and "https://x/y" are one page.
    private static string? AddressOf(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath.Length < 2) return null;
        var host = uri.Host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? uri.Host[4..] : uri.Host;
        return host + uri.AbsolutePath.TrimEnd('/') + uri.Query;
    }

    /// <summary>The hashes of a set below a bound: all of a small set, a share of a large one that is drawn alike from every set.</summary>
    private sealed class Sample
    {
        private readonly ulong[] _sorted;
        private readonly ulong _bound;

        private Sample(ulong[] sorted, ulong bound, int size) => (_sorted, _bound, Size) = (sorted, bound, size);

        /// <summary>Of the whole set.</summary>
        public int Size { get; }

        public IReadOnlyList<ulong> Kept => _sorted;

        public static Sample Of(HashSet<ulong> set, int most)
        {
            var bound = ulong.MaxValue;
            var kept = set.ToArray();
            for (; kept.Length > most; kept = [.. kept.Where(h => h <= bound)]) bound >>= 1;
            Array.Sort(kept);
            return new Sample(kept, bound, set.Count);
        }

        /// <summary>How many of each, and of both, lie below the lower bound of the two.</summary>
        public static (int First, int Second, int Shared) Compare(Sample a, Sample b)
        {
            var bound = Math.Min(a._bound, b._bound);
            var (i, j, shared) = (0, 0, 0);
            while (i < a._sorted.Length && j < b._sorted.Length && a._sorted[i] <= bound && b._sorted[j] <= bound)
            {
                var order = a._sorted[i].CompareTo(b._sorted[j]);
                if (order == 0) shared++;
                if (order <= 0) i++;
                if (order >= 0) j++;
            }

            return (Below(a, bound), Below(b, bound), shared);
        }

        private static int Below(Sample sample, ulong bound) => sample._bound <= bound ? sample._sorted.Length : sample._sorted.Count(h => h <= bound);
    }

    private static IEnumerable<ulong> Lowest(Sample runs) => Lowest(runs.Kept);

    private static IEnumerable<ulong> Lowest(IReadOnlyList<ulong> runs)
    {
        if (runs.Count == 0) yield break;
        for (ulong p = 1; p <= Permutations; p++)
        {
            var lowest = ulong.MaxValue;
            foreach (var run in runs) lowest = Math.Min(lowest, Mix(run ^ (p * 0x9E3779B97F4A7C15)));
            // Two permutations must not meet in one list.
            yield return lowest ^ (p << 56);
        }
    }

    private static ulong Hash(string word)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in word) hash = (hash ^ c) * 1099511628211;
        return hash;
    }

    // SplitMix64's finaliser.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
