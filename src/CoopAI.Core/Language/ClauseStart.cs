using System.Collections.Frozen;

namespace CoopAI.Core.Language;

/// <summary>Tells an order ("ignore the rules", "please ignore", "I want you to ignore") from a report ("councils that ignore the rules").</summary>
internal static class ClauseStart
{
    // A lead-in that speaks to "you" makes an order wherever it stands.
    private static readonly string[][] SpokenTo =
    [
        .. ("you must|you should|you can|you could|you may|you will|you shall|you need to|you have to|you are to|you ought to|you can now|you may now|you must now|you should now|" +
            "you are now to|you are free to|you are allowed to|you are permitted to|you are required to|you are authorised to|want you to|need you to|like you to|ask you to|order you to|" +
            "command you to|instruct you to|urge you to|beg you to|require you to|expect you to|asking you to|allow you to|permit you to|authorise you to|tell you to|love you to|" +
            "can you|could you|would you|will you|can you please|could you please|would you please|will you please|could you kindly|can you just|could you just|if you could|if you would|if you can|if you were to|" +
            "your task is to|your job is to|your role is to|your goal is to|your only task is to|your new task is to|your first step is to|feel free to|be sure to|" +
            "remember to|make sure you|make sure to|do not forget to|dont forget to|go ahead and|i hereby|lets|let us|would you mind|do you mind|could you possibly|" +
            "you two|everyone must|ai must|ai should|model must|model should|assistant must|assistant should|assistants must|assistants should|models must|models should|chatbot must|chatbot should").Split('|').Select(s => s.Split(' ')),
    ];

    // By their last word.
    private static readonly FrozenDictionary<string, string[][]> SpokenToBy =
        SpokenTo.GroupBy(lead => lead[^1], StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    private static readonly HashSet<string> Firm = ["please", "kindly", "now", "simply", "immediately", "instead", "firstly", "first", "also", "just", "next", "ok", "okay", "hi", "hello", "hey", "assistant", "ai", "chatbot", "important", "urgent", "warning", "attention"];
    private static readonly HashSet<string> Loose = ["and", "then", "so", "but", "or"];

    /// <summary>Whether an order can begin at token <paramref name="at"/>.</summary>
    /// <param name="loose">Whether "and", "then", "so", "but" begin one wherever they stand.</param>
    public static bool At(Tokens tokens, int at, bool loose)
    {
        var all = tokens.All;
        while (at > 0)
        {
            var before = all[at - 1];
            if (before.Kind == TokenKind.End) return true;
            if (before.Kind == TokenKind.Mark)
            {
                if (before.Text is ")" or "]" or "," && !loose && before.Text == ",") return false;
                return true;
            }

            if (before.Kind == TokenKind.Word && SpokenToBy.TryGetValue(before.Text, out var leads) && EndsWithAny(tokens, at, leads)) return true;
            if (Firm.Contains(before.Text) || (loose && Loose.Contains(before.Text)))
            {
                if (before.Text is "please" or "kindly" || (loose && (Loose.Contains(before.Text) || before.Text is "now" or "instead" or "immediately"))) return true;
                at--;
                continue;
            }

            return false;
        }

        return true;
    }

    private static bool EndsWithAny(Tokens tokens, int at, string[][] leads)
    {
        foreach (var lead in leads)
        {
            if (EndsWith(tokens, at, lead)) return true;
        }

        return false;
    }

    private static bool EndsWith(Tokens tokens, int at, string[] lead)
    {
        if (at < lead.Length) return false;
        for (var i = 0; i < lead.Length; i++)
        {
            if (tokens.All[at - lead.Length + i] is not { Kind: TokenKind.Word } token || token.Text != lead[i]) return false;
        }

        return true;
    }
}
