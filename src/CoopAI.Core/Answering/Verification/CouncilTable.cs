using System.Collections.Frozen;
using System.Text.Json;
using CoopAI.Core.Text;

namespace CoopAI.Core.Answering.Verification;

/// <summary>A council of the table.</summary>
/// <param name="Name">Official name.</param>
/// <param name="Aliases">Other names, short ones included.</param>
/// <param name="Type">county, unitary, metropolitan, london borough, district, combined authority, town or parish.</param>
/// <param name="From">In force since; null: before 2010.</param>
/// <param name="To">Last day in force; null: still.</param>
/// <param name="Plain">The short name is an English word too ("Reading").</param>
public sealed record Council(
    string Name,
    IReadOnlyList<string> Aliases,
    string Type,
    string Nation,
    DateOnly? From = null,
    DateOnly? To = null,
    bool Plain = false);

/// <summary>The council names that texts are searched for: <c>prompts/guidance/councils.json</c>.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class CouncilTable
{
    private static readonly Lazy<CouncilTable> Shipped = new(() => Parse(GroundingLexicon.Resource("councils.json"), "councils.json"));

    private CouncilTable(IReadOnlyList<Council> councils)
    {
        Councils = councils;
        Names = councils.SelectMany(c => c.Aliases.Append(c.Name).Select(a => new CouncilName(CouncilNames.WordsOf(a), c.Name, c.Plain)))
            .Where(n => n.Words.Count > 0)
            .GroupBy(n => n.Words[0], StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(n => n.Words.Count).ThenBy(n => n.Council, StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        ByName = councils.SelectMany(c => c.Aliases.Append(c.Name).Select(a => (Key: string.Join(' ', CouncilNames.WordsOf(a)), c.Name)))
            .GroupBy(p => p.Key, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.First().Name, StringComparer.Ordinal);
    }

    /// <summary>The table that ships with the product.</summary>
    public static CouncilTable Default => Shipped.Value;

    public IReadOnlyList<Council> Councils { get; }

    /// <summary>Names by their first word, longest first.</summary>
    internal FrozenDictionary<string, CouncilName[]> Names { get; }

    private FrozenDictionary<string, string> ByName { get; }

    /// <summary>Official name of the council that <paramref name="name"/> stands for; null: not in the table.</summary>
    public string? OfficialName(string name) => ByName.GetValueOrDefault(string.Join(' ', CouncilNames.WordsOf(name)));

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

            return new CouncilTable(councils);
        }
        catch (JsonException e)
        {
            throw new FormatException(FormattableString.Invariant($"{file}, line {e.LineNumber + 1}: not valid JSON."), e);
        }
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
        return new Council(name, aliases, Text("type"), Text("nation"), from, to, entry.TryGetProperty("plain", out var plain) && plain.ValueKind == JsonValueKind.True);

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

/// <summary>A council named in a text.</summary>
/// <param name="Council">Official name from the table, or the place as lower-case words for a council that is not in it.</param>
/// <param name="Place">The name without type words, lower case: "northbeck on sea".</param>
/// <param name="Type">borough, city, district, county, town, parish, community, combined, or empty when the text names none.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="First">First token.</param>
/// <param name="Last">Last token.</param>
internal sealed record CouncilMention(string Council, string Place, string Type, TextSpan Span, int First, int Last)
{
    /// <summary>Whether both may be the same council: one place, and types that do not exclude each other.</summary>
    public bool IsSame(CouncilMention other)
    {
        if (Council == other.Council) return Type.Length == 0 || other.Type.Length == 0 || Type == other.Type || Council != Place;
        return Place == other.Place && (Type.Length == 0 || other.Type.Length == 0 || Type == other.Type);
    }
}
