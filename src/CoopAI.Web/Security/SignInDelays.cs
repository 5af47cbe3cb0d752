namespace CoopAI.Web.Security;

/// <summary>Slows guessing down without shutting anybody out.</summary>
/// <remarks>
/// Wrong attempts on one name from one address wait: after <see cref="Free"/> of them <see cref="First"/>, twice as long each time up to
/// <see cref="Longest"/>. Attempts on one name from all addresses together wait in the same way after <see cref="FreeTogether"/>, except
/// from an address from which that name signed in lately: its owner does not wait for strangers. A name that does not exist is counted like any
/// other. An attempt counts as wrong until it is called right, so that many at once pass no limit. Kept in memory, at most
/// <see cref="MaxKept"/> counts. Safe for concurrent use.
/// </remarks>
public sealed class SignInDelays(TimeProvider clock)
{
    /// <summary>Wrong attempts without a wait: on one name from one address, and from all addresses.</summary>
    public const int Free = 4, FreeTogether = 20;

    public const int MaxKept = 20_000;

    public static readonly TimeSpan First = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromMinutes(15);

    /// <summary>A count is forgotten this long after its last attempt; an address is known this long after its last sign-in.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromDays(1), Known = TimeSpan.FromDays(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Wrong, DateTimeOffset Last)> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _codes = new(StringComparer.Ordinal);

    /// <summary>Asks for an attempt, which counts as wrong from now on.</summary>
    /// <returns>How long to wait first; null: the attempt may be made now.</returns>
    public TimeSpan? Begin(string name, string address)
    {
        var (one, all) = Keys(name, address);
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var isKnown = _known.TryGetValue(one, out var since) && now - since < Known;
            var wait = Wait(one, Free, now);
            if (!isKnown && Wait(all, FreeTogether, now) is var together && together > wait) wait = together;
            if (wait > TimeSpan.Zero) return wait;
            Count(one, now);
            if (!isKnown) Count(all, now);
            return null;
        }
    }

    /// <summary>Takes the attempt back: name and password were right.</summary>
    public void Right(string name, string address)
    {
        var (one, all) = Keys(name, address);
        lock (_lock)
        {
            _counts.Remove(one);
            if (_counts.TryGetValue(all, out var count)) _counts[all] = (Math.Max(0, count.Wrong - 1), count.Last);
            Drop(_known, k => k, MaxKept);
            _known[one] = clock.GetUtcNow();
        }
    }

    /// <summary>Whether a code of an authenticator app is used for the first time; a code that was seen over a shoulder opens nothing.</summary>
    public bool IsFirstUse(string account, string code)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            foreach (var old in _codes.Where(c => now - c.Value > TimeSpan.FromMinutes(10)).Select(c => c.Key).ToList()) _codes.Remove(old);
            return _codes.TryAdd($"{account} {code}", now);
        }
    }

    private static (string One, string All) Keys(string name, string address)
    {
        // A long name is nobody's: all of them are one.
        var key = name.Length > 200 ? "" : name.Trim().Normalize(System.Text.NormalizationForm.FormC).ToUpperInvariant();
        return ($"{key}\n{address}", key);
    }

    private TimeSpan Wait(string key, int free, DateTimeOffset now)
    {
        if (!_counts.TryGetValue(key, out var count) || now - count.Last > Forgotten || count.Wrong < free) return TimeSpan.Zero;
        var pause = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(count.Wrong - free, 20)));
        return count.Last + TimeSpan.FromSeconds(pause) - now;
    }

    private void Count(string key, DateTimeOffset now)
    {
        Drop(_counts, c => c.Last, MaxKept);
        _counts[key] = (_counts.TryGetValue(key, out var count) && now - count.Last <= Forgotten ? count.Wrong + 1 : 1, now);
    }

    private static void Drop<T>(Dictionary<string, T> kept, Func<T, DateTimeOffset> age, int most)
    {
        if (kept.Count < most) return;
        foreach (var old in kept.OrderBy(k => age(k.Value)).Take(most / 10).Select(k => k.Key).ToList()) kept.Remove(old);
    }
}
