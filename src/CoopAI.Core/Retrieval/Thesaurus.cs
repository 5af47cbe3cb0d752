using System.Text;
using CoopAI.Core.Text;

namespace CoopAI.Core.Retrieval;

/// <summary>Groups of words and phrases that mean much the same to a council officer ("bins" and "refuse").</summary>
/// <remarks>Immutable and safe for concurrent use. The data and its origin: Data/thesaurus.txt.</remarks>
internal sealed class Thesaurus
{
    private static readonly Lazy<Thesaurus> ShippedGroups = new(() => Read(Encoding.UTF8.GetString(RetrievalData.Read("thesaurus.txt"))));

    private readonly Dictionary<string, int[]> _groups;
    private readonly int _longest;

    private Thesaurus(Dictionary<string, int[]> groups, int longest) => (_groups, _longest) = (groups, longest);

    /// <summary>The thesaurus that ships with the product.</summary>
    public static Thesaurus Shipped => ShippedGroups.Value;

    /// <summary>Reads one group a line, members separated by commas; lines that begin with # are notes.</summary>
    public static Thesaurus Read(string text)
    {
        var groups = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        var (group, longest) = (0, 0);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            foreach (var member in line.Split(','))
            {
                var stems = SearchWords.Split(member).Select(PorterStemmer.Stem).ToList();
                if (stems.Count == 0) continue;
                longest = Math.Max(longest, stems.Count);
                var key = string.Join(' ', stems);
                if (!groups.TryGetValue(key, out var set)) groups[key] = set = [];
                set.Add(group);
            }

            group++;
        }

        return new Thesaurus(groups.ToDictionary(g => g.Key, g => g.Value.ToArray(), StringComparer.Ordinal), longest);
    }

    /// <summary>Where members of groups stand in a text given as stems. A member inside a longer one is passed over: "food bank" is no bank.</summary>
    public IReadOnlyList<ThesaurusMatch> Match(IReadOnlyList<string> stems)
    {
        var found = new List<ThesaurusMatch>();
        for (var start = 0; start < stems.Count; start++)
        {
            var key = "";
            for (var length = 1; length <= _longest && start + length <= stems.Count; length++)
            {
                key = length == 1 ? stems[start] : $"{key} {stems[start + length - 1]}";
                if (_groups.TryGetValue(key, out var groups)) found.Add(new ThesaurusMatch(start, length, groups));
            }
        }

        return [.. found.Where(m => !found.Any(o => o.Length > m.Length && o.Start <= m.Start && m.Start + m.Length <= o.Start + o.Length))];
    }
}

/// <param name="Start">0-based place of the first stem.</param>
/// <param name="Groups">Numbers of the groups that the member stands in, ascending.</param>
internal readonly record struct ThesaurusMatch(int Start, int Length, int[] Groups);
