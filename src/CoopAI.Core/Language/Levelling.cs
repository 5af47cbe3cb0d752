using System.Text;

namespace CoopAI.Core.Language;

/// <summary>Levels what differs in type but not in meaning, so that a quotation is found however it was typed.</summary>
public static class Levelling
{
    /// <summary>Lower case, straight quotes, plain dashes, single spaces, no soft hyphens or zero-width characters, compatibility forms unified (NFKC).</summary>
    public static string Level(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder(text.Length);
        foreach (var c in UnicodeNormalization.ToFormKC(text))
        {
            var level = c switch
            {
                '‘' or '’' or '‚' or '‛' or '`' or '´' or 'ʼ' => '\'',
                '“' or '”' or '„' or '‟' or '«' or '»' => '"',
                '‐' or '‑' or '‒' or '–' or '—' or '−' => '-',
                '\u00AD' or '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' => '\0',
                _ when char.IsWhiteSpace(c) => ' ',
                _ => char.ToLowerInvariant(c),
            };
            if (level == '\0' || (level == ' ' && (result.Length == 0 || result[^1] == ' '))) continue;
            result.Append(level);
        }

        if (result.Length > 0 && result[^1] == ' ') result.Length--;
        return result.ToString();
    }
}
