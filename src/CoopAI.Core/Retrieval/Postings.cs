namespace CoopAI.Core.Retrieval;

/// <summary>An inverted index: for each key the items that hold it, key after key in one array.</summary>
internal sealed class Postings<T>
{
    private readonly T[] _items;
    private readonly int[] _first;

    /// <param name="keys">Keys are numbered from 0 to one less than this.</param>
    /// <param name="pairs">Walked through twice. The items of a key keep this order.</param>
    public Postings(int keys, IEnumerable<(int Key, T Item)> pairs)
    {
        _first = new int[keys + 1];
        foreach (var (key, _) in pairs) _first[key + 1]++;
        for (var key = 0; key < keys; key++) _first[key + 1] += _first[key];
        _items = new T[_first[keys]];
        var next = _first[..keys];
        foreach (var (key, item) in pairs) _items[next[key]++] = item;
    }

    public ReadOnlySpan<T> this[int key] => _items.AsSpan(_first[key].._first[key + 1]);
}
