using System.Text.RegularExpressions;
using CoopAI.Core.Briefs;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>Reads an answer that carries its citations as marks in the text: "… a panel of 24 [CS1][CS2]."</summary>
public static partial class AnswerText
{
    /// <summary>The sentences with their citations. A mark after the full stop belongs to the sentence before it.</summary>
    public static IReadOnlyList<RuleSentence> Split(string text)
    {
        var sentences = new List<RuleSentence>();
        foreach (var span in Sentences.Split(text))
        {
            var piece = span.In(text);
            var marks = Marks(piece);
            if (sentences.Count > 0 && marks.Count > 0 && WithoutMarks(piece).Trim(' ', '.', ',', ';').Length == 0)
            {
                var before = sentences[^1];
                sentences[^1] = before with { Text = before.Text + " " + piece, Citations = [.. before.Citations.Concat(marks).Distinct(StringComparer.Ordinal)] };
                continue;
            }

            sentences.Add(new RuleSentence(sentences.Count, piece, SentenceKind.Answer, marks));
        }

        return sentences;
    }

    /// <summary>Ids in square brackets, each once, in order; "[CS1, CS2]" are two. Words in brackets ("[sic]", "[postcode removed]") are no ids.</summary>
    public static IReadOnlyList<string> Marks(string text) =>
        [.. Mark().Matches(text).SelectMany(m => m.Groups[1].Value.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];

    /// <summary>The text without citation marks.</summary>
    public static string WithoutMarks(string text) => text.Contains('[', StringComparison.Ordinal) ? Mark().Replace(text, "") : text;

    [GeneratedRegex(@"\s?\[((?=[^\]]*[\d#-])[\w#./:-]{1,200}(?:\s?[,;]\s?(?=[^\]]*[\d#-])[\w#./:-]{1,200})*)\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Mark();
}
