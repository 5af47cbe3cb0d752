using System.Collections.Frozen;
using System.Text.Json;
using CoopAI.Core.Language;

namespace CoopAI.Core.Corpus;

/// <summary>A council of the table.</summary>
/// <param name="Name">Official name.</param>
/// <param name="Aliases">Other names, short ones included.</param>
/// <param name="Type">county, unitary, metropolitan, london borough, district, combined authority, town or parish.</param>
/// <param name="From">In force since; null: before 2010.</param>
/// <param name="To">Last day in force; null: still.</param>
/// <param name="Plain">The short name is an English word too ("Reading").</param>
/// <param name="Into">The councils that took over, by official name; null: none.</param>
public sealed record Council(
    string Name,
    IReadOnlyList<string> Aliases,
    string Type,
    string Nation,
    DateOnly? From = null,
    DateOnly? To = null,
    bool Plain = false,
    IReadOnlyList<string>? Into = null);

/// <summary>The council names that texts are searched for: <c>prompts/guidance/councils.json</c>.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class CouncilTable
{
    private static readonly Lazy<CouncilTable> Shipped = new(() => Parse(ReadShipped(), "councils.json"));

    private CouncilTable(IReadOnlyList<Council> councils)
    {
        Councils = councils;
        ByFirstWord = councils.SelectMany(c => c.Aliases.Append(c.Name).Select(a => new CouncilName(CouncilWords.Of(a), c.Name, c.Plain)))
            .Where(n => n.Words.Count > 0)
            .GroupBy(n => n.Words[0], StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(n => n.Words.Count).ThenBy(n => n.Council, StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        ByName = councils.SelectMany(c => c.Aliases.Append(c.Name).Select(a => (Key: string.Join(' ', CouncilWords.Of(a)), c.Name)))
            .GroupBy(p => p.Key, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.First().Name, StringComparer.Ordinal);
    }

    /// <summary>The table that ships with the product.</summary>
    public static CouncilTable Default => Shipped.Value;

    public IReadOnlyList<Council> Councils { get; }

    /// <summary>Names by their first word, longest first.</summary>
    internal FrozenDictionary<string, CouncilName[]> ByFirstWord { get; }

    private FrozenDictionary<string, string> ByName { get; }

    /// <summary>Official name of the council that <paramref name="name"/> stands for; null: not in the table.</summary>
    public string? OfficialName(string name) => ByName.GetValueOrDefault(string.Join(' ', CouncilWords.Of(name)));

    /// <summary>Whether two names, as people write them, are of one council: "Northbeck City Council" and "northbeck" are.</summary>
    public bool Same(string a, string b)
    {
        var (first, second) = (OfficialName(a), OfficialName(b));
        return first is not null && second is not null ? first == second
            : CouncilWords.Place(CouncilWords.Of(a)).SequenceEqual(CouncilWords.Place(CouncilWords.Of(b)), StringComparer.Ordinal);
    }

    /// <summary>Whether <paramref name="wanted"/>, as an officer types it, names this council: by one of its names, or by the first words of its place.</summary>
    /// <remarks>"Newcastle" names both Newcastles; "Manchester" does not name Greater Manchester.</remarks>
    public bool Names(string wanted, string name)
    {
        if (OfficialName(wanted) is { } official && official == OfficialName(name)) return true;
        var (place, full) = (CouncilWords.Place(CouncilWords.Of(wanted)), CouncilWords.Place(CouncilWords.Of(name)));
        return place.Count > 0 && place.Count <= full.Count && place.SequenceEqual(full.Take(place.Count), StringComparer.Ordinal);
    }

    /// <summary>Reads the table.</summary>
    /// <param name="file">Name for error messages.</param>
    /// <exception cref="FormatException">Names file, line or entry, and what would be right.</exception>
    public static CouncilTable Parse(string json, string file)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("councils", out var list) || list.ValueKind != JsonValueKind.Array)
                throw new FormatException($"{file}: expected an object with a list \"councils\".");
            var councils = new List<Council>();
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var entry in list.EnumerateArray())
            {
                var council = Read(entry, file, councils.Count + 1);
                if (!seen.Add(council.Name)) throw new FormatException($"{file}, council {councils.Count + 1}: \"{council.Name}\" stands there twice.");
                councils.Add(council);
            }

            foreach (var council in councils)
            {
                if (council.Into?.FirstOrDefault(i => !seen.Contains(i)) is { } unknown) throw new FormatException($"{file}: \"{unknown}\", which took over from {council.Name}, is not in the table.");
            }

            return new CouncilTable(councils);
        }
        catch (JsonException e)
        {
            throw new FormatException(FormattableString.Invariant($"{file}, line {e.LineNumber + 1}: not valid JSON."), e);
        }
    }

    private static string ReadShipped()
    {
        using var stream = typeof(CouncilTable).Assembly.GetManifestResourceStream("CoopAI.Core.Corpus.councils.json")
            ?? throw new InvalidOperationException("The resource councils.json is missing from the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Council Read(JsonElement entry, string file, int number)
    {
        if (entry.ValueKind != JsonValueKind.Object) throw new FormatException($"{file}, council {number}: expected an object with name, aliases, type and nation.");
        var name = Text("name");
        var aliases = entry.TryGetProperty("aliases", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(a => a.ValueKind == JsonValueKind.String ? a.GetString()! : throw Bad("aliases", "a list of texts")).ToArray()
            : throw Bad("aliases", "a list of texts");
        var from = Date("from");
        var to = Date("to");
        if (from > to) throw Bad("to", "a date after from");
        return new Council(name, aliases, Text("type"), Text("nation"), from, to, entry.TryGetProperty("plain", out var plain) && plain.ValueKind == JsonValueKind.True,
            entry.TryGetProperty("into", out var into) ? into.ValueKind == JsonValueKind.Array && into.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String)
                ? into.EnumerateArray().Select(i => i.GetString()!).ToArray() : throw Bad("into", "a list of names") : null);

        string Text(string field) =>
            entry.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Any(char.IsLetter) ? text : throw Bad(field, "a text");

        DateOnly? Date(string field) =>
            !entry.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", out var date) ? date : throw Bad(field, "a date such as 2023-04-01");

        FormatException Bad(string field, string right) => new($"{file}, council {number}: \"{field}\" must be {right}.");
    }
}

/// <summary>One spelling of a council's name, as lower-case words.</summary>
internal sealed record CouncilName(IReadOnlyList<string> Words, string Council, bool Plain);

/// <summary>The words of councils' names.</summary>
internal static class CouncilWords
{
    /// <summary>Words that tell the kind of a council, not which one.</summary>
    public static readonly FrozenSet<string> Types = Set("city borough district county town parish community metropolitan royal london unitary combined mayoral");

    /// <summary>Words that a council's full name ends with.</summary>
    public static readonly FrozenSet<string> Endings = Set("council authority corporation councils borough");

    // "Oldham MBC", "Cyngor Gwynedd".
    private static readonly FrozenSet<string> ShortTypes = Set("mbc bc cc dc lb lbc rb cyngor");

    /// <summary>Lower-case words of a name, without "and" and "&amp;", which come and go.</summary>
    public static IReadOnlyList<string> Of(string name) => [.. Words.Split(name).Select(w => w.Text).Where(w => w != "and")];

    /// <summary>Whether the words are shaped like a council's name.</summary>
    public static bool AreCouncils(IReadOnlyList<string> words) => words.Count > 1 && (Endings.Contains(words[^1]) || (Types.Contains(words[0]) && words.Contains("of")));

    /// <summary>The name without type words at its ends: "Royal Borough of Greenwich" is "greenwich", "Harrow Vale Borough Council" is "harrow vale". Empty when nothing is left.</summary>
    public static List<string> Place(IReadOnlyList<string> words)
    {
        var list = words.ToList();
        while (list.Count > 1 && IsType(list[^1])) list.RemoveAt(list.Count - 1);
        while (list.Count > 1 && (IsType(list[0]) || list[0] is "of" or "the")) list.RemoveAt(0);
        return list.Count == 1 && IsType(list[0]) ? [] : list;
    }

    /// <summary>combined, town, parish, community, county, district, city or borough; empty when the words name none.</summary>
    public static string Type(IEnumerable<string> words)
    {
        var set = words.ToHashSet(StringComparer.Ordinal);
        return set.Contains("combined") ? "combined" : set.Contains("town") ? "town" : set.Contains("parish") ? "parish" : set.Contains("community") ? "community"
            : set.Contains("county") ? "county" : set.Contains("district") && !set.Contains("metropolitan") ? "district" : set.Contains("city") ? "city"
            : set.Contains("borough") || set.Contains("metropolitan") ? "borough" : "";
    }

    private static bool IsType(string word) => Endings.Contains(word) || Types.Contains(word) || ShortTypes.Contains(word);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
