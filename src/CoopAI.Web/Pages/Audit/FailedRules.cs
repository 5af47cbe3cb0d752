using System.Collections.Concurrent;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;

namespace CoopAI.Web.Pages.Audit;

/// <summary>What there is to look at in an answer.</summary>
/// <param name="Withheld">Sentences that the officer never saw.</param>
/// <param name="Stopped">Rules that stopped or withheld something.</param>
/// <param name="Warned">Other rules that failed.</param>
/// <param name="Unchecked">Rules that could not check something and found nothing else wrong.</param>
/// <param name="Fine">Rules that passed or had nothing to look at.</param>
public sealed record Findings(int Withheld, IReadOnlyList<string> Stopped, IReadOnlyList<string> Warned, IReadOnlyList<string> Unchecked, int Fine)
{
    /// <summary>Rules that failed or could not be checked.</summary>
    public IReadOnlySet<string> Rules { get; } = Stopped.Concat(Warned).Concat(Unchecked).ToHashSet(StringComparer.Ordinal);

    public static Findings Of(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var worst = answer.Rules.GroupBy(r => r.Rule, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Rule: g.Key, Sign: g.Select(VerdictSign.Of).MinBy(s => s.Rank)!)).ToLookup(r => r.Sign, r => r.Rule);
        return new(answer.Withheld.Count, [.. worst[VerdictSign.Withheld]], [.. worst[VerdictSign.Warning]], [.. worst[VerdictSign.CouldNotCheck]],
            worst[VerdictSign.Pass].Count() + worst[VerdictSign.NotApplicable].Count());
    }

    /// <summary>In a few words, for a list; null: nothing.</summary>
    public string? InShort()
    {
        var parts = new[]
        {
            Withheld > 0 ? $"{AuditWords.Count(Withheld, "sentence")} withheld" : Stopped.Count > 0 ? "Stopped or set something aside" : null,
            Warned.Count > 0 ? AuditWords.Count(Warned.Count, "warning") : null,
            Unchecked.Count > 0 ? $"{Unchecked.Count} could not be checked" : null,
        }.OfType<string>().ToList();
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    /// <summary>What to look at, in two lines.</summary>
    public (string First, string Second) InTwoLines()
    {
        var first = Withheld switch
        {
            0 when Stopped.Count > 0 => $"{AuditWords.Count(Stopped.Count, "rule")} stopped the answer, or set something aside.",
            0 => "No sentence was withheld.",
            1 => "1 sentence was withheld.",
            _ => $"{Withheld} sentences were withheld.",
        };
        var rest = new List<string>();
        if (Warned.Count > 0) rest.Add(Warned.Count == 1 ? "1 rule warns" : $"{Warned.Count} rules warn");
        if (Unchecked.Count > 0) rest.Add($"{Unchecked.Count} could not be checked");
        return (first, rest.Count == 0 ? "No rule warns; every other rule passed or had nothing to look at." : $"{string.Join(", ", rest)}; the rest passed.");
    }
}

/// <summary>Which rules failed or could not be checked in an answer. A record never changes, so each is opened once. Safe for concurrent use.</summary>
public sealed class FailedRules(SqliteLedger ledger)
{
    /// <summary>Most answers that are remembered; then it begins anew.</summary>
    public const int Most = 50_000;

    private readonly ConcurrentDictionary<string, Findings> _known = new(StringComparer.Ordinal);

    /// <summary>What there is to look at; null for an answer that is not on record.</summary>
    public Findings? Of(string answerId)
    {
        ArgumentNullException.ThrowIfNull(answerId);
        if (_known.TryGetValue(answerId, out var known)) return known;
        // Not remembered: it may be recorded later.
        if (ledger.Find(answerId) is not { } answer) return null;
        if (_known.Count >= Most) _known.Clear();
        return _known[answerId] = Findings.Of(answer);
    }
}
