using System.Collections.Concurrent;

namespace CoopAI.Core.Language;

/// <summary>Remembers results of a pure function for the first <paramref name="most"/> words it meets; further words are computed each time.</summary>
/// <remarks>Safe for concurrent use. What it holds never decides a result, only how soon it comes.</remarks>
internal sealed class BoundedMemory<T>(int most, Func<string, T> compute)
{
    private readonly ConcurrentDictionary<string, T> _known = new(StringComparer.Ordinal);
    private int _count;

    public T Of(string word)
    {
        if (_known.TryGetValue(word, out var known)) return known;
        var value = compute(word);
        if (Volatile.Read(ref _count) < most && _known.TryAdd(word, value)) Interlocked.Increment(ref _count);
        return value;
    }
}
