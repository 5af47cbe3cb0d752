namespace CoopAI.Core.Ranking;

/// <summary>An inverted index: for each key what is noted of the case studies that hold it, key after key in one array.</summary>
internal sealed class Postings<T>
{
    private readonly T[] _items;
    private readonly int[] _first;

    /// <param name="keys">Keys are numbered from 0 to one less than this.</param>
    /// <param name="held">Of each case study its keys with how often they come.</param>
    /// <param name="note">Makes an item from a place and a count.</param>
    public Postings(int keys, (int Key, int Count)[][] held, Func<int, int, T> note)
    {
        _first = new int[keys + 1];
        foreach (var counts in held)
            foreach (var (key, _) in counts) _first[key + 1]++;
        for (var key = 0; key < keys; key++) _first[key + 1] += _first[key];

        _items = new T[_first[keys]];
        var next = _first[..keys];
        for (var place = 0; place < held.Length; place++)
            foreach (var (key, count) in held[place]) _items[next[key]++] = note(place, count);
    }

    /// <summary>In the order of the case studies.</summary>
    public ReadOnlySpan<T> this[int key] => _items.AsSpan(_first[key].._first[key + 1]);
}
