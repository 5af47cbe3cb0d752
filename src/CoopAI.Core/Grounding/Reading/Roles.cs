using CoopAI.Core.Briefs;
using CoopAI.Core.Grounding.Meaning;
using CoopAI.Core.Grounding.Quantities;

namespace CoopAI.Core.Grounding.Reading;

/// <summary>Finds swapped roles: "A funded B" for "B funded A", "from A to B" for "from B to A".</summary>
internal static class Roles
{
    private const int Reach = 7;

    // Stems of those who do things in councils' accounts.
    private static readonly HashSet<string> Parties = new((
        "council councillor offic staff manag worker volunt resid tenant landlord citizen commun chariti compani firm busi provid school teacher pupil parent mother father carer famili member partner committe cabinet " +
        "board panel commiss univers colleg academ polic hospit church trust bureau associ group organ author govern network forum cooper consortium agenc develop director apprentic student children peopl doctor nurs trader " +
        "supplier contractor consult inspector minist charit borough parish district counti treasur lawyer solicitor director trade union shopkeep grower adviser head navig team lender custom").Split(' '), StringComparer.Ordinal);

    private static readonly HashSet<string> Ergative =
        new("fall rise grow drop declin climb shrink increas decreas improv worsen open close start begin end finish chang halv doubl spread move continu develop fail succe".Split(' '), StringComparer.Ordinal);

    // Both sides do these to each other.
    private static readonly HashSet<string> Mutual = new("meet work join talk speak partner collabor discuss share agre team combin uni link connect includ involv".Split(' '), StringComparer.Ordinal);

    public static void Find(AnalysedText sentence, Support support, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!IsVerb(tokens, i, lexicon)) continue;
            foreach (var verb in Contradictions.Places(tokens[i], window, lexicon))
            {
                var at = Array.IndexOf(window, verb);
                // "Costs fell" and "the pilot reduced costs" say one thing with the sides changed.
                if (tokens[i].Key != verb.Key && (Ergative.Contains(tokens[i].Key) || Ergative.Contains(verb.Key))) continue;
                if (!IsVerb(window, at, lexicon) && !(at > 0 && lexicon.IsVerb(verb.Key) && verb.Form == WordForm.Base && tokens[i].Key == verb.Key)) continue;
                var (doers, others) = Sides(tokens, i);
                var (sourceDoers, sourceOthers) = Sides(window, at);
                var straight = Shared(doers, sourceDoers) + Shared(others, sourceOthers);
                var swapped = Shared(doers, sourceOthers) > 0 && Shared(others, sourceDoers) > 0 && straight == 0;
                if (!swapped && doers.Length > 0 && tokens[i].Key == verb.Key && !Mutual.Contains(verb.Key))
                    swapped = Receives(tokens, i, doers, window, at) || Suffers(doers, others, sourceDoers, sourceOthers, tokens, i, window, at);
                if (!swapped && doers.Length > 0 && sourceDoers.Length > 0 && tokens[i].Key == verb.Key && !Mutual.Contains(verb.Key))
                {
                    // The source's doer suffers the action here, and who does it here is no doer there.
                    swapped = Shared([Head(sourceDoers)], others) > 0 && Shared([Head(doers)], sourceDoers) == 0 && Shared([Head(sourceDoers)], doers) == 0;
                    swapped |= Shared([Head(doers)], sourceOthers) > 0 && Shared([Head(sourceDoers)], others) > 0 && Shared([Head(doers)], sourceDoers) == 0;
                    swapped |= OtherName(doers, sourceDoers, support) || OtherAgent(doers, sourceDoers, IsPassive(window, at), window, support, lexicon);
                }

                if (swapped)
                {
                    found.Add(new("roles", $"who does what at “{tokens[i].Text}” is the other way round in the source", tokens[i].Span, verb.Span));
                    return;
                }
            }
        }

        Directions(tokens, window, found);
        Exchanges(tokens, window, lexicon, found);
    }

    // "The charities hand assets to the council" where the source has somebody hand them to the charities.
    private static bool Receives(AnalysedToken[] tokens, int i, AnalysedToken[] doers, AnalysedToken[] window, int at)
    {
        var (receivers, sourceReceivers) = (Receivers(tokens, i), Receivers(window, at));
        return receivers.Length > 0 && Shared(doers, sourceReceivers) > 0 && Shared(receivers, sourceReceivers) == 0;
    }

    private static AnalysedToken[] Receivers(AnalysedToken[] tokens, int i) =>
        [.. tokens.Skip(i + 1).TakeWhile(t => t.Sentence == tokens[i].Sentence && !t.ClauseStart && !Divides(t.Text)).SkipWhile(t => t.Text is not "to").Skip(1).Where(t => t.Content).Take(4)];

    // "Their earlier programme draws on this one" where the source says that it draws on their earlier programme.
    private static bool Suffers(AnalysedToken[] doers, AnalysedToken[] others, AnalysedToken[] sourceDoers, AnalysedToken[] sourceOthers, AnalysedToken[] tokens, int i, AnalysedToken[] window, int at) =>
        doers.Length >= 2 && !Ergative.Contains(tokens[i].Key) && !IsPassive(tokens, i) && !IsPassive(window, at) && !IsBe(tokens[i - 1].Text) && (at == 0 || !IsBe(window[at - 1].Text))
        && Shared(doers, sourceOthers) == doers.Length && Shared(doers, sourceDoers) == 0 && Shared(others, sourceOthers) == 0;

    /// <summary>"Donations had grown while referrals fell" where the source says that referrals had grown while donations fell.</summary>
    private static void Exchanges(AnalysedToken[] tokens, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var (said, told) = (Subjects(tokens, lexicon), Subjects(window, lexicon));
        for (var a = 0; a < said.Count; a++)
        {
            for (var b = a + 1; b < said.Count; b++)
            {
                if (said[a].Subject.Key == said[b].Subject.Key || said[a].Verb.Key == said[b].Verb.Key) continue;
                if (!Told(said[a].Verb, said[b].Subject) || !Told(said[b].Verb, said[a].Subject) || Told(said[a].Verb, said[a].Subject) || Told(said[b].Verb, said[b].Subject)) continue;
                found.Add(new("roles", $"“{said[a].Subject.Text}” and “{said[b].Subject.Text}” have changed places", said[a].Subject.Span, null));
                return;
            }
        }

        bool Told(AnalysedToken verb, AnalysedToken subject) => told.Any(t => t.Verb.Key == verb.Key && t.Subject.Key == subject.Key);
    }

    // Each verb with the nearest content word before it in its clause.
    private static List<(AnalysedToken Verb, AnalysedToken Subject)> Subjects(AnalysedToken[] tokens, GroundingLexicon lexicon)
    {
        var pairs = new List<(AnalysedToken, AnalysedToken)>();
        for (var i = 1; i < tokens.Length; i++)
        {
            if (!IsVerb(tokens, i, lexicon)) continue;
            for (var j = i - 1; j >= 0 && i - j <= 3 && tokens[j].Sentence == tokens[i].Sentence && !tokens[j + 1].ClauseStart && !Divides(tokens[j].Text); j--)
            {
                if (!tokens[j].Content) continue;
                pairs.Add((tokens[i], tokens[j]));
                break;
            }
        }

        return pairs;
    }

    // "Preston decided" where the source says that Lancashire decided, and names Preston for something else.
    private static bool OtherName(AnalysedToken[] doers, AnalysedToken[] sourceDoers, Support support)
    {
        var here = Names(doers);
        var there = Names(sourceDoers);
        return here.Length > 0 && there.Length > 0 && !here.Any(h => there.Any(t => t.Key == h.Key))
            && (sourceDoers.Any(t => Parties.Contains(t.Key)) || there.Length == sourceDoers.Length)
            && here.All(h => support.Source.Body.ByKey.ContainsKey(h.Key) || support.Source.HeadKeys.Contains(h.Key));
    }

    // "Run by the council" where the source says "run by the advice bureau" and knows the council from elsewhere.
    private static bool OtherAgent(AnalysedToken[] doers, AnalysedToken[] sourceDoers, bool named, AnalysedToken[] window, Support support, GroundingLexicon lexicon)
    {
        var head = Head(doers);
        return !head.Number && !sourceDoers.Any(t => Contradictions.Same(t, head, lexicon) || lexicon.IsBroader(head.Key, t.Key) || lexicon.IsBroader(t.Key, head.Key))
            && !doers.Any(d => sourceDoers.Any(t => Contradictions.Same(t, d, lexicon)))
            && Parties.Contains(head.Key) && (named || sourceDoers.Any(t => Parties.Contains(t.Key) || t.Capital))
            && (window.Any(t => t.Key == head.Key) || support.Source.HeadKeys.Contains(head.Key) || lexicon.Contrasts(head.Key).Length > 0);
    }

    private static AnalysedToken[] Names(AnalysedToken[] tokens) =>
        [.. tokens.Where(t => (t.Capital || (t.Opening && GroundingLexicon.Frequency(t.Text) == 0)) && t.Text is not ("council" or "city" or "borough" or "county" or "district" or "town"))];

    // The nearest word before a verb that is not itself a verb or an adverb.
    private static AnalysedToken Head(AnalysedToken[] doers) => doers.FirstOrDefault(t => t.Form != WordForm.Past && !t.Text.EndsWith("ly", StringComparison.Ordinal)) ?? doers[0];

    /// <summary>"Transferred from the council to the trust" against "from the trust to the council".</summary>
    private static void Directions(AnalysedToken[] tokens, AnalysedToken[] window, List<Contradiction> found)
    {
        if (After(tokens, "from") is not { Length: > 0 } from || After(tokens, "to") is not { Length: > 0 } to) return;
        if (After(window, "from") is not { Length: > 0 } sourceFrom || After(window, "to") is not { Length: > 0 } sourceTo) return;
        if (Shared(from, sourceTo) > 0 && Shared(to, sourceFrom) > 0 && Shared(from, sourceFrom) == 0 && Shared(to, sourceTo) == 0)
            found.Add(new("roles", "“from” and “to” are the other way round in the source", tokens[0].Span, null));
    }

    private static AnalysedToken[] After(AnalysedToken[] tokens, string preposition) =>
        [.. Enumerable.Range(0, tokens.Length).Where(i => tokens[i].Text == preposition)
            .SelectMany(i => tokens.Skip(i + 1).Take(4).TakeWhile(t => t.Sentence == tokens[i].Sentence && t.Text is not ("from" or "to")).Where(t => t.Content || t.Number).Take(2))];

    private static bool IsVerb(AnalysedToken[] tokens, int i, GroundingLexicon lexicon) =>
        i > 0 && tokens[i].Content && !tokens[i].Capital && !tokens[i].Opening && tokens[i - 1].Text is not ("the" or "a" or "an" or "its" or "their" or "of")
        && (IsPast(tokens[i])
            || (lexicon.IsVerb(tokens[i].Key) && (tokens[i].Text.EndsWith('s') || tokens[i].Text.EndsWith("ing", StringComparison.Ordinal)
                || tokens[i - 1].Text is "to" or "will" or "would" or "can" or "could" or "may" or "did" or "not" || QuantityReader.IsPlural(tokens[i - 1].Text))));

    /// <summary>Doers and the rest: what stands before and behind the verb, turned round for "was funded by".</summary>
    private static (AnalysedToken[] Doers, AnalysedToken[] Others) Sides(AnalysedToken[] tokens, int i)
    {
        var left = new List<AnalysedToken>();
        for (var j = i - 1; j >= 0 && i - j <= Reach && tokens[j].Sentence == tokens[i].Sentence; j--)
        {
            // Another clause has its own doer, but "who" and "which" take theirs from the one before.
            if (tokens[j + 1].ClauseStart || Divides(tokens[j].Text) || (tokens[j].Text is "and" or "or" && tokens[(j + 1)..i].All(t => IsBe(t.Text) || t.Text is "has" or "have" or "had" or "also" or "then"))) break;
            if (tokens[j].Content) left.Add(tokens[j]);
            if (left.Count >= 4) break;
        }

        // "Forest Learning, the staff mutual that …, handed": the sentence's first words are the doer.
        if (left.Count == 0 && i > 0 && tokens[i].ClauseStart)
        {
            var first = i;
            while (first > 0 && tokens[first - 1].Sentence == tokens[i].Sentence) first--;
            var opening = tokens[first..i].TakeWhile((t, k) => k == 0 || !t.ClauseStart).ToArray();
            if (opening.Length is > 0 and <= 5 && !opening.Any(t => t.Form == WordForm.Past || t.Text is "in" or "on" or "at" or "by" or "after" or "when" or "for" or "with")) left.AddRange(opening.Where(t => t.Content).Reverse());
        }

        var right = new List<AnalysedToken>();
        var agents = new List<AnalysedToken>();
        var by = false;
        var passive = IsPast(tokens[i]) && i > 0 && (IsBe(tokens[i - 1].Text) || (i > 1 && IsBe(tokens[i - 2].Text) && tokens[i - 1].Text is "also" or "not" or "first" or "then" or "been" or "formally"));
        for (var j = i + 1; j < tokens.Length && j - i <= 14 && tokens[j].Sentence == tokens[i].Sentence; j++)
        {
            if (tokens[j].ClauseStart || Divides(tokens[j].Text) || tokens[j].Text is "which" or "who") break;
            if (tokens[j].Text is "by") (by, passive) = (true, passive || IsPast(tokens[i]));
            // The doer behind "by" ends where something else is told.
            if (by && agents.Count > 0 && (tokens[j].Text is "under" or "in" or "at" or "on" or "for" or "from" or "with" or "to" or "after" or "during" or "since" or "has" or "have" or "had" or "is" or "was" or "are" or "were" || tokens[j].Form == WordForm.Past)) break;
            if (tokens[j].Content) (by && passive ? agents : right).Add(tokens[j]);
            if (right.Count + agents.Count >= 8) break;
        }

        return !passive ? ([.. left], [.. right]) : ([.. agents], [.. left, .. right]);
    }

    private static bool IsPassive(AnalysedToken[] tokens, int i) =>
        IsPast(tokens[i]) && tokens.Skip(i + 1).Take(6).TakeWhile(t => t.Sentence == tokens[i].Sentence && !t.ClauseStart).Any(t => t.Text is "by");

    // "Run" is its own participle.
    private static bool IsPast(AnalysedToken token) => token.Form == WordForm.Past || token.Text is "run";

    private static bool Divides(string word) => word is "while" or "whereas" or "because" or "so" or "after" or "before" or "when" or "although" or "but" or "though" or "since" or "until" or "if";

    private static bool IsBe(string word) => word is "is" or "are" or "was" or "were" or "be" or "been" or "being";

    // Roles are compared by the words themselves: "hub" and "centre" may be synonyms and yet two parties.
    private static int Shared(IEnumerable<AnalysedToken> a, AnalysedToken[] b) => a.Count(x => b.Any(y => x.Key == y.Key));
}
