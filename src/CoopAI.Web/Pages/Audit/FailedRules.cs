using System.Collections.Concurrent;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Guidance;

namespace CoopAI.Web.Pages.Audit;

/// <summary>Which rules failed or could not be checked in an answer. A record never changes, so each is opened once. Safe for concurrent use.</summary>
public sealed class FailedRules(SqliteLedger ledger)
{
    /// <summary>Most answers that are remembered; then it begins anew.</summary>
    public const int Most = 50_000;

    private readonly ConcurrentDictionary<string, IReadOnlySet<string>> _known = new(StringComparer.Ordinal);

    /// <summary>Ids of the rules; none for an answer that is not on record.</summary>
    public IReadOnlySet<string> Of(string answerId)
    {
        ArgumentNullException.ThrowIfNull(answerId);
        if (_known.TryGetValue(answerId, out var known)) return known;
        // Not remembered: it may be recorded later.
        if (ledger.Find(answerId) is not { } answer) return new HashSet<string>();
        if (_known.Count >= Most) _known.Clear();
        return _known[answerId] = answer.Rules.Where(r => r.Status is RuleStatus.Fail or RuleStatus.CouldNotCheck).Select(r => r.Rule).ToHashSet(StringComparer.Ordinal);
    }
}
