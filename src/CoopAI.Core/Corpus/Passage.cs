namespace CoopAI.Core.Corpus;

/// <summary>What is embedded, retrieved, shown and cited: a run of whole sentences of one case study.</summary>
/// <param name="Id"><c>{slug}#{ordinal}</c>, stable as long as the text is unchanged.</param>
/// <param name="Slug">The case study it was cut from.</param>
/// <param name="Ordinal">0-based place in reading order.</param>
/// <param name="Text">Verbatim text of the case study from <paramref name="Start"/>.</param>
/// <param name="Start">UTF-16 offset in the case study's text.</param>
public sealed record Passage(string Id, string Slug, int Ordinal, string Text, int Start)
{
    public static string IdOf(string slug, int ordinal) => FormattableString.Invariant($"{slug}#{ordinal}");
}
