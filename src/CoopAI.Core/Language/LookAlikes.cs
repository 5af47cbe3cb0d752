using System.Collections.Frozen;

namespace CoopAI.Core.Language;

/// <summary>Characters that look like, or hide, others.</summary>
/// <remarks>Our own table, made from the shapes that Unicode's report 39 warns of; it holds what is drawn like a Latin letter in common type.</remarks>
internal static class LookAlikes
{
    // Pairs: look-alike, then the Latin letter. Cyrillic, Greek, Armenian, phonetic small capitals, turned letters.
    private const string Pairs =
        "аaбbвbгrдdеeёeззиuйuкkмmнhоoпnрpсcтtуyхxѕsіiїiјjһhԁdԛqԝwѵvєeьbАAВBЕEЁEКKМMНHОOРPСCТTУYХXЅSІIЇIЈJЬbԌGԐE" +
        "αaβbγyδdεeζzηnθoιiκkλlμuνvοoπnρpσoςcτtυuφoχxωwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXϲcϳj" +
        "օoոnսuհhցgքpզqյjіiԱU" +
        "ɑaɡgıiɩiɪiʀrɴnɢgᴏoᴇeᴀaʙbᴄcᴅdꜰfʜhᴊjᴋkʟlᴍmᴘpꜱsᴛtᴜuᴠvᴡwʏyᴢzƖlǀlɫl" +
        "ɐaɔcǝeɟfƃgɥhᴉiɾjʞkɯmɹrʇtʌvʍwʎyⅼl";

    private static readonly FrozenDictionary<char, char> Folds = Fold();

    /// <summary>The Latin letter that <paramref name="c"/> is drawn like, or itself.</summary>
    public static char FoldedFrom(char c) => c < 0x80 ? c : Folds.GetValueOrDefault(c, c);

    /// <summary>Quotes and dashes straight, other letters without a decomposition written out.</summary>
    public static string Plain(char c) => c switch
    {
        '‘' or '’' or '‚' or '‛' or '`' or '´' or 'ʼ' or '′' or 'ʻ' => "'",
        '“' or '”' or '„' or '‟' or '«' or '»' or '″' => "\"",
        '‐' or '‑' or '‒' or '–' or '—' or '―' or '−' => "-",
        'ł' => "l",
        'Ł' => "L",
        'ø' => "o",
        'Ø' => "O",
        'đ' => "d",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        '。' => ".",
        '\n' or '\r' or '\u2028' or '\u2029' => "\n",
        _ when char.IsWhiteSpace(c) => " ",
        _ => new string(c, 1),
    };

    /// <summary>Whether the character shows nothing: zero-width, direction, variation and filler marks, soft hyphen.</summary>
    public static bool IsInvisible(int rune) => rune is 0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180E or (>= 0x180B and <= 0x180D)
        or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0
        or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0xE0000 and <= 0xE001F) or (>= 0xE0080 and <= 0xE0FFF);

    /// <summary>The ASCII character that a tag character smuggles, or null.</summary>
    public static char? Hidden(int rune) => rune is >= 0xE0020 and <= 0xE007E ? (char)(rune - 0xE0000) : null;

    /// <summary>The letter inside a filled circle, filled square or regional indicator, which NFKC leaves alone, or null.</summary>
    public static char? Enclosed(int rune) => rune switch
    {
        >= 0x1F150 and <= 0x1F169 => (char)('A' + rune - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => (char)('A' + rune - 0x1F170),
        >= 0x1F1E6 and <= 0x1F1FF => (char)('A' + rune - 0x1F1E6),
        _ => null,
    };

    private static FrozenDictionary<char, char> Fold()
    {
        var folds = new Dictionary<char, char>();
        for (var i = 0; i + 1 < Pairs.Length; i += 2) folds[Pairs[i]] = Pairs[i + 1];
        return folds.ToFrozenDictionary();
    }
}
