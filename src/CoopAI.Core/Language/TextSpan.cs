namespace CoopAI.Core.Language;

/// <summary>A piece of a text by UTF-16 offsets: <paramref name="Start"/> inclusive, <paramref name="End"/> exclusive.</summary>
public readonly record struct TextSpan(int Start, int End)
{
    public int Length => End - Start;

    /// <summary>The piece itself.</summary>
    public string In(string text) => text[Start..End];

    /// <summary>Whether the two pieces share at least one character.</summary>
    public bool Overlaps(TextSpan other) => Start < other.End && other.Start < End;
}
