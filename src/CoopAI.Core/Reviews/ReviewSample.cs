using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CoopAI.Core.Ledger;

namespace CoopAI.Core.Reviews;

/// <summary>The answers of one week that members were asked to review.</summary>
/// <param name="Week">ISO week, such as 2026-W47.</param>
/// <param name="Seed">What the draw was made with.</param>
/// <param name="Population">How many answers the week had.</param>
/// <param name="Answers">Ids drawn.</param>
/// <param name="Entry">Place of the entry that records the draw; null: not recorded.</param>
/// <remarks>
/// Anybody can draw again with a hash tool: write <c>week|seed|answer id</c> for each answer of the week, take the SHA-256 of each, and keep
/// the smallest.
/// </remarks>
public sealed record ReviewSample(string Week, string Seed, int Population, IReadOnlyList<string> Answers, long? Entry = null)
{
    public const int DefaultSize = 10;
    public const int MaxSize = 500;
    public const int MaxSeed = 100;

    /// <summary>Draws without replacement: the answers whose <c>SHA-256(week|seed|id)</c> is smallest, in that order.</summary>
    /// <param name="size">1 to <see cref="MaxSize"/>; a week with fewer answers is drawn whole.</param>
    public static ReviewSample Draw(string week, string seed, IReadOnlyCollection<string> answerIds, int size)
    {
        ArgumentNullException.ThrowIfNull(answerIds);
        if (size is < 1 or > MaxSize) throw new BadInputException($"A sample has 1 to {MaxSize} answers.");
        if (string.IsNullOrEmpty(seed) || seed.Length > MaxSeed || seed.Contains('|', StringComparison.Ordinal))
            throw new BadInputException($"The seed must have 1 to {MaxSeed} characters and no \"|\".");
        RangeOf(week);
        var drawn = answerIds
            .Select(id => (Id: id, Hash: Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{week}|{seed}|{id}")))))
            .OrderBy(a => a.Hash, StringComparer.Ordinal).ThenBy(a => a.Id, StringComparer.Ordinal).Take(size).Select(a => a.Id);
        return new(week, seed, answerIds.Count, [.. drawn]);
    }

    /// <summary>Monday 00:00 to the next Monday 00:00, UTC.</summary>
    /// <exception cref="BadInputException">Not an ISO week, or a week that the year does not have.</exception>
    public static (DateTimeOffset From, DateTimeOffset To) RangeOf(string week)
    {
        if (week is { Length: 8 } && week[4..6] == "-W"
            && int.TryParse(week.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && int.TryParse(week.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && year is >= 2000 and <= 9998 && number >= 1 && number <= ISOWeek.GetWeeksInYear(year))
        {
            var monday = new DateTimeOffset(ISOWeek.ToDateTime(year, number, DayOfWeek.Monday), TimeSpan.Zero);
            return (monday, monday.AddDays(7));
        }
        throw new BadInputException($"\"{week}\" is not a week. Write the year and the number of the week, such as 2026-W47.");
    }

    /// <summary>The ISO week of a moment, in UTC.</summary>
    public static string WeekOf(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(at.UtcDateTime):0000}-W{ISOWeek.GetWeekOfYear(at.UtcDateTime):00}");

    /// <summary>The draft of the entry that records the draw.</summary>
    public LedgerDraft ToEntry() => new(LedgerKind.ReviewSample, "service", Week, new()
    {
        ["seed"] = Seed,
        ["population"] = Population,
        ["answers"] = new JsonArray([.. Answers.Select(a => (JsonNode)a)]),
    });

    /// <summary>Reads a recorded draw.</summary>
    public static ReviewSample Read(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(
            entry.Subject!, entry.Payload.GetProperty("seed").GetString()!, entry.Payload.GetProperty("population").GetInt32(),
            [.. entry.Payload.GetProperty("answers").EnumerateArray().Select(a => a.GetString()!)], entry.Index);
    }
}
