using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;

namespace CoopAI.Adapters.Sqlite;

/// <summary>How the service was used in a span of days.</summary>
/// <param name="Outcomes">Questions by outcome, as the ledger spells it.</param>
/// <param name="MedianMs">Of the newest answers, at most <see cref="UsageBook.MaxTimed"/>; null: there is none.</param>
/// <param name="SlowMs">What 95 of 100 of them stay below; null as for <paramref name="MedianMs"/>.</param>
/// <param name="NotCovered">Words of questions that no case study speaks of, with how many of the newest questions had them; only words that occur more than once.</param>
public sealed record Usage(IReadOnlyDictionary<string, int> Outcomes, double? MedianMs, double? SlowMs, IReadOnlyList<(string Word, int Questions)> NotCovered)
{
    public int Questions => Outcomes.Values.Sum();
}

/// <summary>Counts from the record of answers: who asked is not in it.</summary>
public sealed class UsageBook(CoopDatabase database, SqliteLedger ledger, TimeProvider clock)
{
    /// <summary>Newest answers whose time is looked at, and whose missing words are.</summary>
    public const int MaxTimed = 500, MaxMissing = 50;

    public Usage Read(int days)
    {
        var since = clock.GetUtcNow().AddDays(-days).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var (outcomes, times, missed) = database.Read(c => (
            c.Query<(string? Outcome, long Count)>(
                "SELECT json_extract(json, '$.payload.outcome') AS o, count(*) FROM ledger_entries WHERE kind = 'answer' AND json_extract(json, '$.at') >= @since GROUP BY o", new { since })
                .Where(r => r.Outcome is not null).ToDictionary(r => r.Outcome!, r => (int)r.Count, StringComparer.Ordinal),
            c.Query<double?>("SELECT CAST(json_extract(json, '$.milliseconds') AS REAL) FROM ledger_records ORDER BY idx DESC LIMIT @MaxTimed", new { MaxTimed }).OfType<double>().Order().ToList(),
            c.Query<string>(
                "SELECT subject FROM ledger_entries WHERE kind = 'answer' AND json_extract(json, '$.payload.outcome') IN ('not-found', 'partly-answered') ORDER BY idx DESC LIMIT @MaxMissing", new { MaxMissing }).ToList()));
        var words = missed.SelectMany(id => (ledger.Answer(id)?.Record["notCovered"] as JsonArray ?? []).OfType<JsonValue>().Select(v => v.ToString().ToLowerInvariant()).Distinct(StringComparer.Ordinal))
            .CountBy(w => w, StringComparer.Ordinal).Where(w => w.Value > 1).OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal).Take(20).Select(w => (w.Key, w.Value)).ToList();
        return new(outcomes, At(times, 0.5), At(times, 0.95), words);
    }

    private static double? At(List<double> sorted, double share) => sorted.Count == 0 ? null : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
}
