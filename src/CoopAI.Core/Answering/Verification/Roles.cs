namespace CoopAI.Core.Answering.Verification;

/// <summary>Finds swapped roles: "A funded B" for "B funded A", "from A to B" for "from B to A".</summary>
internal static class Roles
{
    private const int Reach = 7;

    public static void Find(AnalysedText sentence, Support support, Token[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!IsVerb(tokens, i)) continue;
            foreach (var verb in Contradictions.Places(tokens[i], window, lexicon))
            {
                var at = Array.IndexOf(window, verb);
                if (!IsVerb(window, at) && tokens[i].Key != verb.Key) continue;
                var (doers, others) = Sides(tokens, i);
                var (sourceDoers, sourceOthers) = Sides(window, at);
                var straight = Shared(doers, sourceDoers, lexicon) + Shared(others, sourceOthers, lexicon);
                var across1 = Shared(doers, sourceOthers, lexicon);
                var across2 = Shared(others, sourceDoers, lexicon);
                if (across1 > 0 && across2 > 0 && straight == 0)
                {
                    found.Add(new("roles", $"who does what at “{tokens[i].Text}” is the other way round in the source", tokens[i].Span, verb.Span));
                    return;
                }
            }
        }

        Directions(tokens, window, lexicon, found);
    }

    /// <summary>"Transferred from the council to the trust" against "from the trust to the council".</summary>
    private static void Directions(Token[] tokens, Token[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        if (After(tokens, "from") is not { Length: > 0 } from || After(tokens, "to") is not { Length: > 0 } to) return;
        if (After(window, "from") is not { Length: > 0 } sourceFrom || After(window, "to") is not { Length: > 0 } sourceTo) return;
        if (Shared(from, sourceTo, lexicon) > 0 && Shared(to, sourceFrom, lexicon) > 0 && Shared(from, sourceFrom, lexicon) == 0 && Shared(to, sourceTo, lexicon) == 0)
            found.Add(new("roles", "“from” and “to” are the other way round in the source", tokens[0].Span, null));
    }

    private static Token[] After(Token[] tokens, string preposition) =>
        [.. Enumerable.Range(0, tokens.Length).Where(i => tokens[i].Text == preposition)
            .SelectMany(i => tokens.Skip(i + 1).Take(4).TakeWhile(t => t.Sentence == tokens[i].Sentence && t.Text is not ("from" or "to")).Where(t => t.Content || t.Number).Take(2))];

    private static bool IsVerb(Token[] tokens, int i) =>
        i > 0 && tokens[i].Content && !tokens[i].Capital && !tokens[i].Opening
        && (tokens[i].Form == WordForm.Past || tokens[i].Text.EndsWith('s') || tokens[i].Text.EndsWith("ing", StringComparison.Ordinal) || tokens[i - 1].Text is "to" or "will" or "would" or "can" or "could" or "may" or "did" or "not");

    /// <summary>Doers and the rest: what stands before and behind the verb, turned round for "was funded by".</summary>
    private static (Token[] Doers, Token[] Others) Sides(Token[] tokens, int i)
    {
        var left = new List<Token>();
        for (var j = i - 1; j >= 0 && i - j <= Reach && tokens[j].Sentence == tokens[i].Sentence; j--)
        {
            if (tokens[j + 1].ClauseStart && left.Count > 0) break;
            if (tokens[j].Content) left.Add(tokens[j]);
            if (left.Count >= 3) break;
        }

        var right = new List<Token>();
        var by = false;
        var passive = false;
        for (var j = i + 1; j < tokens.Length && j - i <= Reach && tokens[j].Sentence == tokens[i].Sentence; j++)
        {
            if (tokens[j].ClauseStart && right.Count > 0) break;
            if (tokens[j].Text is "by") (by, passive) = (true, tokens[i].Form == WordForm.Past);
            if (by && right.Count > 0 && tokens[j].Text is "by") right.Clear();
            if (tokens[j].Content) right.Add(tokens[j]);
            if (right.Count >= 3) break;
        }

        return passive ? ([.. right], [.. left]) : ([.. left], [.. right]);
    }

    private static int Shared(Token[] a, Token[] b, GroundingLexicon lexicon) => a.Count(x => b.Any(y => Contradictions.Same(x, y, lexicon)));
}
