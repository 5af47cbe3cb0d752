
namespace CoopAI.Core.Language;

/// <summary>Porter stems of a text's words. Stems of words met before are remembered, at most <see cref="MostRemembered"/> (about 2 MB).</summary>
internal static class StemmedWords
{
    private const int MostRemembered = 20_000;

    private static readonly BoundedMemory<string> Stems = new(MostRemembered, PorterStemmer.Stem);

    /// <summary>Stems of all words in reading order, function words and repeats included.</summary>
    public static string[] Of(string text) => [.. Words.Split(text).Select(w => Stem(w.Text))];

    /// <summary>The stem of a lower-case word.</summary>
    public static string Stem(string word) => Stems.Of(word);
}
