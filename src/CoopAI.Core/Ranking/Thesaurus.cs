using System.Text;
using CoopAI.Core.Language;

namespace CoopAI.Core.Ranking;

/// <summary>Groups of words and phrases that mean much the same to a council officer ("bins" and "refuse").</summary>
/// <remarks>Immutable and safe for concurrent use. The data and its origin: Data/thesaurus.txt.</remarks>
internal sealed class Thesaurus
{
    private static readonly Lazy<Thesaurus> ShippedGroups = new(() => Read(Encoding.UTF8.GetString(RetrievalData.Read("thesaurus.txt"))));

    private readonly Dictionary<string, int[]> _groups;
    private readonly Dictionary<string, int> _longest;

    private Thesaurus(Dictionary<string, int[]> groups, Dictionary<string, int> longest, int count) => (_groups, _longest, Count) = (groups, longest, count);

    /// <summary>The thesaurus that ships with the product.</summary>
    public static Thesaurus Shipped => ShippedGroups.Value;

    /// <summary>Groups; they are numbered from 0.</summary>
    public int Count { get; }

    /// <summary>Reads one group a line, members separated by commas; lines that begin with # are notes.</summary>
    public static Thesaurus Read(string text)
    {
        var groups = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        // By first stem, so that a word that begins no member costs one look.
        var longest = new Dictionary<string, int>(StringComparer.Ordinal);
        var group = 0;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            foreach (var member in line.Split(','))
            {
                var stems = SearchWords.Split(member).Select(PorterStemmer.Stem).ToList();
                if (stems.Count == 0) continue;
                longest[stems[0]] = Math.Max(longest.GetValueOrDefault(stems[0]), stems.Count);
                var key = string.Join(' ', stems);
                if (!groups.TryGetValue(key, out var set)) groups[key] = set = [];
                set.Add(group);
            }

            group++;
        }

        return new Thesaurus(groups.ToDictionary(g => g.Key, g => g.Value.ToArray(), StringComparer.Ordinal), longest, group);
    }

    /// <summary>Where members of groups stand in a text given as stems. A member inside a longer one is passed over: "food bank" is no bank.</summary>
    public IReadOnlyList<ThesaurusMatch> Match(IReadOnlyList<string> stems)
    {
        var found = new List<ThesaurusMatch>();
        // A member is inside a longer one when one that began before reaches as far, or a longer one begins with it.
        var reached = 0;
        for (var start = 0; start < stems.Count; start++)
        {
            if (!_longest.TryGetValue(stems[start], out var longest)) continue;
            for (var length = Math.Min(longest, stems.Count - start); length > 0 && start + length > reached; length--)
            {
                if (!_groups.TryGetValue(length == 1 ? stems[start] : string.Join(' ', stems.Skip(start).Take(length)), out var groups)) continue;
                found.Add(new ThesaurusMatch(start, length, groups));
                reached = start + length;
            }
        }

        return found;
    }
}

/// <param name="Start">0-based place of the first stem.</param>
/// <param name="Groups">Numbers of the groups that the member stands in, ascending.</param>
internal readonly record struct ThesaurusMatch(int Start, int Length, int[] Groups);
