using System.Globalization;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Guidance;

namespace CoopAI.Orchestration.Settings;

/// <summary>Pre-election periods that administrators wrote or imported while the service runs, beside those of the guidance's own table.</summary>
public sealed class ElectionBook(SettingsBook settings, GuidanceInForce guidance)
{
    public const string Setting = "elections";

    /// <summary>Most periods kept: one for every council of the United Kingdom.</summary>
    public const int MaxPeriods = 500;

    /// <summary>As administrators set them, in order of date and council.</summary>
    public IReadOnlyList<ElectionWindow> Set => settings.Get(Setting) is JsonArray rows
        ? [.. rows.OfType<JsonObject>().Select(r => new ElectionWindow((string)r["council"]!, Day((string)r["from"]!), Day((string)r["to"]!), (string?)r["source"]))] : [];

    /// <summary>Everything that rules go by: null where the guidance's own table is all there is.</summary>
    public IReadOnlyList<ElectionWindow>? InForce => Set is { Count: > 0 } set ? [.. guidance.Current.ElectionDates, .. set] : null;

    /// <summary>Adds periods; one that is kept already for the same council and days is not kept twice.</summary>
    /// <returns>How many were new.</returns>
    /// <exception cref="BadInputException">There would be more than <see cref="MaxPeriods"/>, nothing is new, or author or reason is missing.</exception>
    public int Add(IReadOnlyList<ElectionWindow> periods, string author, string reason)
    {
        var before = Set;
        var known = before.Select(Key).ToHashSet();
        var added = periods.Where(p => known.Add(Key(p))).ToList();
        if (added.Count == 0) throw new BadInputException("All of these periods are kept already.");
        if (before.Count + added.Count > MaxPeriods) throw new BadInputException($"{before.Count + added.Count} periods are too many; at most {MaxPeriods} are kept. Remove those that are over.");
        Keep([.. before, .. added], author, reason);
        return added.Count;
    }

    /// <exception cref="BadInputException">There is no such period, or author or reason is missing.</exception>
    public void Remove(string council, DateOnly from, DateOnly to, string author, string reason)
    {
        var before = Set;
        var left = before.Where(p => Key(p) != Key(new(council, from, to))).ToList();
        if (left.Count == before.Count) throw new BadInputException($"There is no period of {council} from {from:O} to {to:O} any more. Somebody else may have removed it.");
        Keep(left, author, reason);
    }

    private static (string, DateOnly, DateOnly) Key(ElectionWindow w) => (w.Council.ToUpperInvariant(), w.From, w.To);

    private void Keep(IEnumerable<ElectionWindow> periods, string author, string reason) => settings.Change(
        Setting,
        new JsonArray([.. periods.OrderBy(p => p.From).ThenBy(p => p.Council, StringComparer.Ordinal).Select(p => new JsonObject
        {
            ["council"] = p.Council, ["from"] = p.From.ToString("O", CultureInfo.InvariantCulture), ["to"] = p.To.ToString("O", CultureInfo.InvariantCulture), ["source"] = p.Source,
        })]),
        author, reason);

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "O", CultureInfo.InvariantCulture);
}
