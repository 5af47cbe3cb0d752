using System.Collections.Frozen;
using CoopAI.Core.Language;

namespace CoopAI.Core.Tagging;

/// <summary>Tells English from other languages by function words: enough to say "this is not English", not to name a language.</summary>
internal static class LanguageGuess
{
    /// <summary>Words from which a lack of English function words counts against a text.</summary>
    private const int EnoughWords = 20;

    private static readonly FrozenSet<string> English =
        "the of and to for with by that was were is are has have had been from this which their they it on at as be or not will can who what its our we you".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // Frequent in Welsh, Scottish Gaelic, French, German, Spanish, Italian, Portuguese, Dutch and Polish; where one is English too, it is rare.
    private static readonly FrozenSet<string> Foreign =
        ("yn y yr mae ei eu gyda wedi gan ac ar oedd i'r agus anns tha bha leis ann le la les des du et est une pour dans avec qui sur der die das und ist nicht mit von für " +
         "den dem ein eine el los las una con que por para del della di il gli che non sono uma não dos het een van voor met zijn w na się nie jest oraz").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether most of the text is in another language than English.</summary>
    public static bool IsForeign(string text)
    {
        int words = 0, english = 0, foreign = 0, letters = 0, latin = 0;
        foreach (var word in Words.Split(text))
        {
            words++;
            if (English.Contains(word.Text)) english++;
            else if (Foreign.Contains(word.Text)) foreign++;
        }

        foreach (var c in text)
        {
            if (!char.IsLetter(c)) continue;
            letters++;
            if (c < 0x250) latin++;
        }

        if (letters > 0 && latin < 0.5 * letters) return true;
        return foreign > english || (words >= EnoughWords && english < 0.05 * words);
    }
}
