using CoopAI.Core.Language;

namespace CoopAI.Core.Guidance;

/// <summary>The texts of one run of the rules, each levelled and cut into words once for all rules.</summary>
/// <remarks>Lives as long as the run; not for use by several threads.</remarks>
internal sealed class ReadTexts
{
    private readonly Dictionary<string, TextView> views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UInt128> digests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> plain = new(StringComparer.Ordinal);

    /// <summary><see cref="TextView.Level"/> of the text.</summary>
    public TextView Level(string text) => views.TryGetValue(text, out var view) ? view : views[text] = TextView.Level(text);

    /// <summary><see cref="CleanTexts.DigestOf"/> the text.</summary>
    public UInt128 Digest(string text) => digests.TryGetValue(text, out var digest) ? digest : digests[text] = CleanTexts.DigestOf(text);

    /// <summary>The text without citation marks.</summary>
    public string Plain(string text) => plain.TryGetValue(text, out var found) ? found : plain[text] = AnswerText.WithoutMarks(text);
}
