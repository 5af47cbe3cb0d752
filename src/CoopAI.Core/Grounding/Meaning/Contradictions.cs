using System.Collections.Frozen;
using CoopAI.Core.Briefs;
using CoopAI.Core.Grounding.Quantities;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Guidance;
using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Meaning;

/// <summary>A way in which a sentence changes what its source says, although the words overlap.</summary>
/// <param name="Kind">negation, opposite, contrast, scope, plan, roles, cause, name or strength.</param>
/// <param name="Message">In plain words.</param>
/// <param name="Span">In the sentence.</param>
/// <param name="Source">In the passage; null: the passage has nothing to point at.</param>
internal sealed record Contradiction(string Kind, string Message, TextSpan Span, TextSpan? Source);

/// <summary>Compares a sentence with the source window that fits it best, word beside word.</summary>
internal static class Contradictions
{
    private static readonly FrozenSet<string> Universal = Set("all every always each everyone everybody entire entirely whole wholly solely exclusively only fully completely universally never none everywhere anyone any throughout total totally both");
    private static readonly FrozenSet<string> Majority = Set("most majority mostly mainly usually generally largely");
    private static readonly FrozenSet<string> Partial = Set("some several few part partly partially many certain often sometimes half quarter third most majority mostly nearly almost up numerous little various mainly largely occasionally");
    private static readonly FrozenSet<string> CauseAdded = Set("because caused causes causing therefore consequently thereby hence thus prompted triggered sparked");
    private static readonly FrozenSet<string> CauseHeld = Set("because cause caused causes causing therefore consequently thereby hence so since as thus result results resulted through thanks owing due why reason reasons led lead leads means meant brought response force forced thus leading resulting prompt prompted prompts trigger triggered spark sparked enabled allowed made makes driven drove following");
    private static readonly FrozenSet<string> Unrealised = Set("threatened considered discussed proposed sought requested attempted tried debated explored");

    // Stems of verbs that tell an outcome.
    private static readonly FrozenSet<string> Outcomes = Set("increas rise grow rais boost reduc fall cut decreas lower improv worsen end halv prevent solv elimin transform doubl tripl shrink declin drop lift climb");
    private static readonly FrozenSet<string> Boosters = Set("significantly dramatically hugely vastly greatly drastically massively substantially considerably sharply award-winning unprecedented groundbreaking world");
    private static readonly FrozenSet<string> ForbiddenNames = Set("january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday i uk britain british england english council councils borough city town county mayor cabinet councillor councillors government state");
    // Written with a capital as often as without; naming one adds nothing.
    private static readonly FrozenSet<string> Offices = Set("cabinet board committee leader officer officers members member parliament minister ministers department network commission policy labour party internet chief executive director scrutiny housing health social care community act bill christmas easter covid black asian european roma lab fund programme plan strategy partnership");
    private static readonly FrozenSet<string> SoftNegative = Set("free little few only less fewer lack lost lose without end ended stop stopped leave left close closed refuse reject instead rather small hard difficult rarely seldom hardly away from against unable missing absent scarcely before until yet although though however other prevent");

    // Of a piece added to a nearly verbatim sentence, at least this share of words must be the source's.
    private const double LeastOfAddition = 0.25;

    public static IReadOnlyList<Contradiction> Find(AnalysedText sentence, Support support, GroundingLexicon lexicon)
    {
        var found = new List<Contradiction>();
        var window = support.Source.Body.Tokens.Where(support.InWindow).ToArray();
        if (window.Length == 0) return found;
        Negations(sentence, support, window, lexicon, found);
        if (found.Count == 0) DoubleNegations(sentence, support, window, found);
        if (found.Count == 0) TurnedDown(sentence, support, window, found);
        Opposites(sentence, support, window, lexicon, found);
        Contrasts(sentence, support, window, lexicon, found);
        Scope(sentence, support, window, lexicon, found);
        Plans(sentence, support, window, lexicon, found);
        Roles.Find(sentence, support, window, lexicon, found);
        Causes(sentence, support, window, found);
        Changes(sentence, window, lexicon, found);
        Names(sentence, support, found);
        if (support.Added < LeastOfAddition)
            found.Add(new("addition", "a part of the sentence has no words of the source, while the rest is the source's own", new TextSpan(0, sentence.Text.Length), null));
        return found;
    }

    private static void Negations(AnalysedText sentence, Support support, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        var body = support.Source.Body;
        for (var i = 0; i < tokens.Length; i++)
        {
            var length = AnalysedText.NegationLength(sentence.Text, tokens, i);
            if (length == 0) continue;
            var heads = Enumerable.Range(i + length, Math.Max(0, Math.Min(8, tokens.Length - i - length))).Where(j => tokens[j].NegationHead && tokens[j].Sentence == tokens[i].Sentence).Take(2).ToArray();
            var matched = heads.SelectMany(j => Places(tokens[j], window, lexicon)).ToArray();
            var negatedInSource = matched.Any(t => t.Negated);
            if (matched.Length > 0 && !negatedInSource && !matched.Any(m => window.Any(t => t.Sentence == m.Sentence && Math.Abs(t.Clause - m.Clause) <= 1 && t.Denies)) && !IsNegativeWord(tokens, i, window))
                found.Add(new("negation", $"the sentence denies “{Word(sentence, tokens[heads.First(j => Places(tokens[j], window, lexicon).Any())])}”, the source does not", tokens[i].Span, matched[0].Span));
            else if (matched.Length == 0 && !window.Any(t => t.Negated || SoftNegative.Contains(t.Text) || HasNegativePrefix(t.Text)) && !window.Any(t => heads.Any(j => lexicon.AreOpposites(tokens[j].Key, t.Key))))
                found.Add(new("negation", "the sentence denies something, the source denies nothing here", tokens[i].Span, null));
        }

        for (var w = 0; w < window.Length; w++)
        {
            var place = Array.IndexOf(body.Tokens, window[w]);
            var length = AnalysedText.NegationLength(body.Text, body.Tokens, place);
            if (length == 0) continue;
            var scope = Enumerable.Range(place + length, Math.Max(0, Math.Min(10, body.Tokens.Length - place - length))).Select(j => body.Tokens[j])
                .TakeWhile(t => t.Sentence == window[w].Sentence).Where(t => t.Negated).ToArray();
            var heads = scope.Where(t => t.NegationHead).Take(2).ToArray();
            var own = heads.SelectMany(h => tokens.Where(t => t.Content && Same(t, h, lexicon))).ToArray();
            // Said elsewhere in the window without the negation, the sentence may rest on that.
            var elsewhere = heads.Any(h => window.Any(t => t != h && t.Content && !t.Negated && t.Key == h.Key && own.Any(o => o.Key == t.Key)));
            // A synonym of the denied word is held to be it only when what is denied of is there as well.
            if (own.Length > 0 && !own.Any(o => heads.Any(h => h.Key == o.Key)) && !scope.Except(heads.Where(h => own.Any(o => Same(o, h, lexicon)))).Any(s => tokens.Any(t => t.Content && t.Key == s.Key))) own = [];
            if (own.Length > 0 && !own.Any(t => t.Negated) && !elsewhere && !HasCue(sentence, own) && !own.Any(t => SoftNear(tokens, t)))
                found.Add(new("negation", $"the source denies “{own[0].Text}”, the sentence does not", own[0].Span, window[w].Span));
            else if (own.Length == 0 && scope.Length >= 2 && scope.Skip(1).Count(s => tokens.Any(t => t.Content && !t.Negated && Same(t, s, lexicon))) >= 2 && !tokens.Any(t => t.Negated || SoftNegative.Contains(t.Text) || HasNegativePrefix(t.Text)))
                found.Add(new("negation", "the source denies this, the sentence does not", tokens[0].Span, window[w].Span));
        }

        // A denying word right at the verb, such as "failed to", counts as a negation of the same verb.
        static bool HasCue(AnalysedText text, AnalysedToken[] own) => own.Any(o => Enumerable.Range(0, text.Tokens.Length).Any(i => AnalysedText.NegationLength(text.Text, text.Tokens, i) > 0 && text.Tokens[i].Clause == o.Clause));

        static bool SoftNear(AnalysedToken[] tokens, AnalysedToken token) => tokens.Any(t => t != token && t.Clause == token.Clause && (t.Text is "less" or "fewer" or "little" or "few" or "refused" or "refuses" or "stopped" or "ceased" or "avoid" or "avoided" or "avoids" or "too" or "instead" or "unlike"));
    }

    /// <summary>"No resident was moved without consent" said as "Residents were moved without consent": one of two denials is gone.</summary>
    private static void DoubleNegations(AnalysedText sentence, Support support, AnalysedToken[] window, List<Contradiction> found)
    {
        foreach (var own in sentence.Tokens.Where(t => t.Text is "without" or "unless"))
        {
            var body = support.Source.Body;
            var its = window.FirstOrDefault(t => t.Text == own.Text);
            if (its is null || Denying(sentence, own) || body.Tokens.FirstOrDefault(t => t.Sentence == its.Sentence && t != its && IsDenial(body, t)) is not { } denial) continue;
            found.Add(new("negation", $"the source says “{denial.Text} … {own.Text}”, the sentence only “{own.Text}”", own.Span, denial.Span));
            return;
        }

        static bool Denying(AnalysedText text, AnalysedToken beside) => text.Tokens.Any(t => t.Sentence == beside.Sentence && t != beside && (IsDenial(text, t) || SoftNegative.Contains(t.Text) && t.Text is not "without" || Universal.Contains(t.Text) || HasNegativePrefix(t.Text)));

        static bool IsDenial(AnalysedText text, AnalysedToken token) =>
            token.Text is not ("without" or "unless") && token.Denies && AnalysedText.NegationLength(text.Text, text.Tokens, Array.IndexOf(text.Tokens, token)) > 0;
    }

    /// <summary>"A levy was ruled out" said as "the mayor brought in a levy": what did not come about is told as done, by a verb that the source does not have.</summary>
    private static void TurnedDown(AnalysedText sentence, Support support, AnalysedToken[] window, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        var told = Enumerable.Range(0, tokens.Length).FirstOrDefault(i => tokens[i] is { Form: WordForm.Past, Content: true, Capital: false, Opening: false } && support.Matches[i].Strength == 0, -1);
        if (told < 0 || tokens.Any(t => t.Denies || SoftNegative.Contains(t.Text))) return;
        var body = support.Source.Body.Tokens;
        foreach (var verb in window)
        {
            var place = Array.IndexOf(body, verb);
            if (place < 2 || !(body[place - 1].Text is "was" or "were" or "been" or "is" or "are" or "be") || !AnalysedText.IsTurnedDown(body, place)) continue;
            AnalysedToken[] subject = [.. body.Take(place - 1).Where(t => t.Sentence == verb.Sentence && t.Clause == verb.Clause && t.Content)];
            if (subject.Length == 0 || subject.Count(s => tokens.Any(t => t.Content && t.Key == s.Key)) * 2 < subject.Length) continue;
            found.Add(new("negation", $"the source says that this was “{verb.Text}”, the sentence tells it as done", tokens[told].Span, verb.Span));
            return;
        }
    }

    // "Refused to" against "would not": the source may deny by a word of its own.
    private static bool IsNegativeWord(AnalysedToken[] tokens, int cue, AnalysedToken[] window)
    {
        return tokens[cue].Text is "without" or "rather" or "instead" or "lack" or "lacks" or "lacking" or "nor" && window.Any(t => t.Negated || SoftNegative.Contains(t.Text) || HasNegativePrefix(t.Text) || t.Text is "place");
    }

    private static void Opposites(AnalysedText sentence, Support support, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            var opposites = window.Where(t => lexicon.AreOpposites(token, t)).ToArray();
            if (opposites.Length == 0) continue;
            var same = window.Where(t => t.Key == token.Key || lexicon.AreSynonyms(t.Key, token.Key)).ToArray();
            var function = !token.Content;
            foreach (var opposite in opposites)
            {
                // Both at once, or the one denied: no contradiction. The opposite may also belong to another word of the sentence.
                if (token.Negated != opposite.Negated) continue;
                if (tokens.Any(t => t != token && (t.Key == opposite.Key || (!function && lexicon.AreSynonyms(t.Key, opposite.Key))))) continue;
                var head = HeadMatch(tokens, i, window, opposite, lexicon);
                if (same.Length > 0)
                {
                    if (!head || same.Any(s => HeadMatch(tokens, i, window, s, lexicon) || Joined(window, opposite, s))) continue;
                }
                else if (function || token.Text.Length < 4)
                {
                    if (!head) continue;
                }
                else if (!head && !Nearby(tokens, i, window, opposite, lexicon))
                {
                    continue;
                }

                found.Add(new("opposite", $"the sentence says “{token.Text}”, the source “{opposite.Text}”", token.Span, opposite.Span));
                break;
            }
        }
    }

    /// <summary>"Opened in June and closed in May": the second verb has the subject of the first.</summary>
    private static bool Joined(AnalysedToken[] window, AnalysedToken first, AnalysedToken second)
    {
        var at = Array.IndexOf(window, second);
        return second.Sentence == first.Sentence && at > Array.IndexOf(window, first) && at > 0 && window[at - 1].Text is "and" or "then" or "but" or "later" or "again";
    }

    private static void Contrasts(AnalysedText sentence, Support support, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            if (!token.Content || lexicon.Contrasts(token.Key).Length == 0 || support.Matches[i].Strength > 0.8 || support.Matches[i].Place == -2) continue;
            var elsewhere = support.Source.Body.ByKey.ContainsKey(token.Key);
            var next = Ahead(tokens, i, 2).FirstOrDefault(t => t.Content);
            var rival = window.FirstOrDefault(t => t.Content && lexicon.AreContrasts(token.Key, t.Key) && !lexicon.IsBroader(token.Key, t.Key) && !tokens.Any(s => s.Key == t.Key)
                && (!elsewhere || (next is not null && Ahead(window, Array.IndexOf(window, t), 2).Any(a => a.Key == next.Key))));
            if (rival is not null)
                found.Add(new("contrast", $"the sentence says “{token.Text}” where the source says “{rival.Text}”", token.Span, rival.Span));
        }
    }

    private static void Scope(AnalysedText sentence, Support support, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            var universal = Universal.Contains(tokens[i].Text) && !IsIdiom(tokens, i);
            var majority = tokens[i].Text is "majority" || (tokens[i].Text is "most" && (i == 0 || tokens[i - 1].Text is not "the") && Ahead(tokens, i, 2).FirstOrDefault() is { } first
                && (QuantityReader.IsPlural(first.Text) || first.Text is "of" || (first.Content && !first.Text.EndsWith("ly", StringComparison.Ordinal) && first.Text is not "often" and not "common" and not "likely" && Ahead(tokens, i, 2).Any(t => QuantityReader.IsPlural(t.Text)))));
            if (tokens[i].Text is "some" or "several" or "few")
            {
                Weakened(tokens, i, window, lexicon, found);
                continue;
            }

            if (!universal && !majority) continue;
            // "All 23" needs the source's "all" at that number.
            if (tokens[i].Text is "all" && i + 1 < tokens.Length && tokens[i + 1].Number && !window.Any(t => t.Text is "all" or "both" or "every" or "each" && Ahead(window, Array.IndexOf(window, t), 3).Any(a => a.Number)))
            {
                found.Add(new("scope", $"the source does not say “all {tokens[i + 1].Text}”", tokens[i].Span, null));
                continue;
            }

            if (tokens[i].Text is "only" or "solely" or "exclusively")
            {
                if (!window.Any(t => (t.Text is "only" && !Denied(window, t)) || t.Text is "solely" or "exclusively" or "alone" or "just" or "sole" or "unique" or "merely"))
                    found.Add(new("scope", $"the source does not say “{tokens[i].Text}”", tokens[i].Span, null));
                continue;
            }

            if (window.Any(t => t.Text == tokens[i].Text || (universal && Universal.Contains(t.Text) && t.Text is not "only" and not "any") || (t.Text is "throughout" or "everything" or "full" or "across" or "wide" or "whole" or "over" && universal) || (majority && (Majority.Contains(t.Text) || Universal.Contains(t.Text)))))
            {
                // "All" of one thing does not carry over to another: look at what stands behind it.
                var heads = Ahead(tokens, i, 3).Where(t => t.Content).Take(2).ToArray();
                var partial = heads.Select(h => PartialBefore(window, h, lexicon)).FirstOrDefault(p => p is not null);
                if (partial is null || window.Any(t => Universal.Contains(t.Text) && Ahead(window, Array.IndexOf(window, t), 4).Any(a => heads.Any(h => Same(a, h, lexicon))))) continue;
                found.Add(new("scope", $"the sentence says “{tokens[i].Text}”, the source “{partial.Text}”", tokens[i].Span, partial.Span));
                continue;
            }

            if (tokens[i].Text is "both" && window.Any(t => t.Text is "two" or "and" or "both")) continue;
            if (tokens[i].Text is "any" or "both" or "each" or "total" or "throughout") continue;
            if (tokens[i].Text is "never" or "none") continue;
            if (tokens[i].Text is "everyone" or "everybody" && !window.Any(t => t.Text is "some" or "most" or "many" or "few" or "several")) continue;
            // A bare plural means all of them in running text ("residents" are the residents); a whole-word claim needs a word in the source.
            var hedged = window.FirstOrDefault(t => Partial.Contains(t.Text));
            found.Add(new("scope", hedged is null ? $"the source does not say “{tokens[i].Text}”" : $"the sentence says “{tokens[i].Text}”, the source “{hedged.Text}”", tokens[i].Span, hedged?.Span));
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            if (Boosters.Contains(tokens[i].Text) && support.Matches[i].Strength == 0)
                found.Add(new("strength", $"the source does not say “{tokens[i].Text}”", tokens[i].Span, null));
        }
    }

    // "Not only" and "no longer only" say the contrary.
    private static bool Denied(AnalysedToken[] window, AnalysedToken only) => Behind(window, Array.IndexOf(window, only), 3).Any(t => t.Text is "not" or "no" or "longer");

    // "Some districts" where the source says every district.
    private static void Weakened(AnalysedToken[] tokens, int i, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var head = Ahead(tokens, i, 4).FirstOrDefault(t => t.Content);
        if (head is null || window.Any(t => t.Text == tokens[i].Text)) return;
        var all = window.FirstOrDefault(t => t.Text is "every" or "all" or "each" && Ahead(window, Array.IndexOf(window, t), 3).Any(a => a.Content && Same(a, head, lexicon)));
        if (all is not null) found.Add(new("scope", $"the sentence says “{tokens[i].Text}”, the source “{all.Text}”", tokens[i].Span, all.Span));
    }

    private static AnalysedToken? PartialBefore(AnalysedToken[] window, AnalysedToken head, GroundingLexicon lexicon)
    {
        for (var w = 0; w < window.Length; w++)
        {
            if (!window[w].Content || !Same(window[w], head, lexicon)) continue;
            for (var b = w - 1; b >= 0 && b >= w - 3 && window[b].Sentence == window[w].Sentence; b--)
            {
                if (window[b].Text is "some" or "several" or "few" or "most" or "part" or "half" or "certain" or "many") return window[b];
            }
        }

        return null;
    }

    private static bool IsIdiom(AnalysedToken[] tokens, int i)
    {
        var before = i > 0 && tokens[i - 1].Sentence == tokens[i].Sentence ? tokens[i - 1].Text : "";
        var after = i + 1 < tokens.Length && tokens[i + 1].Sentence == tokens[i].Sentence ? tokens[i + 1].Text : "";
        return (tokens[i].Text, before, after) switch
        {
            ("all", "at" or "above" or "after" or "of", _) => true,
            ("all", _, "kinds" or "sorts" or "the" or "over" or "about") => false,
            ("only", "not", _) => true,
            ("everywhere" or "everyone" or "anyone" or "everybody", _, "else") => true,
            ("whole", "a" or "as", _) => true,
            ("whole", _, "person" or "system") => true,
            ("full", _, _) => true,
            ("every" or "each", _, "year" or "month" or "week" or "day" or "other") => true,
            ("any", _, _) => true,
            _ => false,
        };
    }

    private static void Plans(AnalysedText sentence, Support support, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        var body = support.Source.Body.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            var present = i > 0 && tokens[i].Text.EndsWith('s') && lexicon.IsVerb(tokens[i].Key) && !(tokens[i - 1].Text is "the" or "a" or "of" or "its");
            if (!tokens[i].Content || tokens[i].Planned || !(tokens[i].Form == WordForm.Past || present)) continue;
            var places = Places(tokens[i], window, lexicon);
            if (places.Count > 0 && places.All(p => p.PlannedFirmly && ((p.Form == WordForm.Base && (!present || p.Text != tokens[i].Text)) || (Before(body, p) is "be" or "being" && !present))) && places.Any(p => p.Key == tokens[i].Key || p.PlanHead))
            {
                found.Add(new("plan", $"the sentence tells “{tokens[i].Text}” as done, the source only as planned or possible", tokens[i].Span, places[0].Span));
                return;
            }
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            if (!tokens[i].PlanHead || !tokens[i].Content) continue;
            var places = Places(tokens[i], window, lexicon);
            if (places.Count > 0 && places.All(p => !p.Planned && p.Form == WordForm.Past) && tokens[i].Form == WordForm.Base)
            {
                found.Add(new("plan", $"the sentence tells “{tokens[i].Text}” as planned, the source as done", tokens[i].Span, places[0].Span));
                return;
            }
        }

        // "Was ready" where the source says "due to be ready".
        for (var i = 1; i < tokens.Length; i++)
        {
            if (!tokens[i].Content || tokens[i].Planned || tokens[i - 1].Text is not ("was" or "were" or "is" or "are")) continue;
            var places = Places(tokens[i], window, lexicon);
            if (places.Count == 0 || !places.All(p => p.PlannedFirmly && Before(body, p) is "be")) continue;
            found.Add(new("plan", $"the sentence tells “{tokens[i].Text}” as a fact, the source only as planned or possible", tokens[i].Span, places[0].Span));
            return;
        }

        // "Threatened legal action" is no action.
        for (var w = 0; w < window.Length; w++)
        {
            if (!Unrealised.Contains(window[w].Text) || tokens.Any(t => Same(t, window[w], lexicon) || Unrealised.Contains(t.Text) || t.PlannedFirmly)) continue;
            var objects = Ahead(window, w, 4).Where(t => t.Content).Take(2).ToArray();
            if (objects.Length == 2 && objects.All(o => tokens.Any(t => t.Content && t.Key == o.Key)) && tokens.Any(t => t.Form == WordForm.Past && t.Content))
            {
                found.Add(new("plan", $"the source says “{window[w].Text}”, the sentence tells it as done", tokens[0].Span, window[w].Span));
                return;
            }
        }

        // Nearly all that the sentence takes from the source is told there as a plan, and the sentence has no word of a plan.
        if (tokens.Any(t => t.Planned || t.PlanHead)) return;
        var taken = support.Matches.Where(m => m.Place >= 0).Select(m => body[m.Place]).ToArray();
        var strong = taken.Count(t => t.Planned && StrongCueBefore(body, t));
        if (taken.Length >= 4 && strong >= 0.7 * taken.Length && tokens.Any(t => t.Form == WordForm.Past || t.Text is "is" or "are" or "has" or "have" or "runs"))
            found.Add(new("plan", "the source tells this as planned or possible, the sentence as fact", tokens[0].Span, taken.First(t => t.Planned).Span));
    }

    private static bool StrongCueBefore(AnalysedToken[] body, AnalysedToken token)
    {
        for (var j = Array.IndexOf(body, token) - 1; j >= 0 && body[j].Sentence == token.Sentence; j--)
        {
            if (body[j].Text is "will" or "would" or "may" or "might" or "could" or "plans" or "planned" or "hopes" or "hoped" or "intends" or "intended" or "proposed" or "proposes" or "aims" or "aimed" or "expects" or "expected" or "considering" or "wants" or "due") return true;
        }

        return false;
    }

    private static void Causes(AnalysedText sentence, Support support, AnalysedToken[] window, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            var next = i + 1 < tokens.Length ? tokens[i + 1].Text : "";
            var cause = CauseAdded.Contains(tokens[i].Text)
                || (tokens[i].Text is "led" or "leading" && next is "to")
                || (tokens[i].Text is "thanks" && next is "to")
                || (tokens[i].Text is "result" && (next is "of" || (i > 1 && tokens[i - 1].Text is "a" && tokens[i - 2].Text is "as")))
                || (tokens[i].Text is "due" or "owing" && next is "to")
                || (tokens[i].Text is "resulted" or "resulting" && next is "in" or "from");
            if (!cause) continue;
            var held = window.Any(t => CauseHeld.Contains(t.Text)) || support.Source.Body.Tokens.Any(t => CauseHeld.Contains(t.Text)
                && support.Source.Body.Tokens.Where(s => s.Sentence == t.Sentence && s.Content).Select(s => s.Key).Distinct(StringComparer.Ordinal).Count(k => tokens.Any(o => o.Content && o.Key == k)) >= 2);
            if (held && (tokens[i].Text is not "because" || Backed(tokens, i + 1, support) >= 0.3)) continue;
            found.Add(new("cause", $"the sentence adds a cause (“{tokens[i].Text}”) that the source does not give", tokens[i].Span, null));
            return;
        }
    }

    /// <summary>Weighted share of the words behind a "because" that the window holds.</summary>
    private static double Backed(AnalysedToken[] tokens, int from, Support support)
    {
        double total = 0, sum = 0;
        for (var i = from; i < tokens.Length && tokens[i].Sentence == tokens[from - 1].Sentence; i++)
        {
            if (!tokens[i].Content) continue;
            total += tokens[i].Weight;
            sum += tokens[i].Weight * support.Matches[i].Strength;
        }

        return total > 0 ? sum / total : 1;
    }

    /// <summary>A change told as done ("ended", "reduced") of which the source says nothing, or only that it is wanted.</summary>
    private static void Changes(AnalysedText sentence, AnalysedToken[] window, GroundingLexicon lexicon, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!tokens[i].Content || tokens[i].Form != WordForm.Past || tokens[i].Planned || tokens[i].Negated || !Outcomes.Contains(tokens[i].Key)) continue;
            if (i > 0 && tokens[i - 1].Text is "the" or "a" or "an") continue;
            // "Rose from 14% to 23%": the two numbers tell the change, and VG02 holds them to the source.
            if (sentence.Quantities.Count(q => sentence.Tokens[q.First].Clause == tokens[i].Clause || q.First > i) >= 2) continue;
            var places = Places(tokens[i], window, lexicon);
            if (places.Count == 0 && !window.Any(t => lexicon.AreOpposites(tokens[i].Key, t.Key) || (t.Content && t.Key.Length > 4 && tokens[i].Key.Length > 4 && t.Key[..4] == tokens[i].Key[..4])))
                found.Add(new("change", $"the source does not report that something “{tokens[i].Text}”", tokens[i].Span, null));
            else if (places.Count > 0 && places.All(p => p.Planned && p.Form == WordForm.Base && Before(window, p) is "to"))
                found.Add(new("plan", $"the sentence tells “{tokens[i].Text}” as done, the source as an aim", tokens[i].Span, places[0].Span));
        }
    }

    private static void Names(AnalysedText sentence, Support support, List<Contradiction> found)
    {
        var tokens = sentence.Tokens;
        var source = support.Source;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!(tokens[i].Capital || IsNamedSubject(tokens, i)) || !tokens[i].Content || tokens[i].Number || tokens[i].Text.Length < 2 || ForbiddenNames.Contains(tokens[i].Text)) continue;
            if (source.Body.ByKey.ContainsKey(tokens[i].Key) || source.HeadKeys.Contains(tokens[i].Key))
            {
                // Words of the source put together to a name that it does not have.
                if (i > 0 && (tokens[i - 1].Capital || tokens[i - 1].Opening) && tokens[i - 1].Content && !tokens[i].ClauseStart && !ForbiddenNames.Contains(tokens[i - 1].Text) && !tokens[i - 1].Number
                    && !Adjacent(source.Body.Tokens, tokens[i - 1].Key, tokens[i].Key) && !Adjacent(source.Head.Tokens, tokens[i - 1].Key, tokens[i].Key) && (tokens[i - 1].Capital || GroundingLexicon.Frequency(tokens[i - 1].Text) == 0))
                    found.Add(new("name", $"the source does not name “{Word(sentence, tokens[i - 1])} {Word(sentence, tokens[i])}”", tokens[i].Span, null));
                continue;
            }

            // Inside a longer name a synonym is another name: the Shared Prosperity Fund is no Renewal Fund.
            var inName = (i > 0 && tokens[i - 1].Capital && !tokens[i].ClauseStart) || (i + 1 < tokens.Length && tokens[i + 1].Capital && !tokens[i + 1].ClauseStart);
            if (support.Matches[i].Strength > (inName ? 0.9 : 0)) continue;
            if (IsAcronym(sentence, tokens[i]) && Spells(tokens[i].Text, source)) continue;
            if (!inName && Offices.Contains(tokens[i].Text)) continue;
            found.Add(new("name", $"the source does not name “{Word(sentence, tokens[i])}”", tokens[i].Span, null));
        }
    }

    // "Windsor opened …": a word alone before a deed, neither a plural nor known, is a name although every sentence begins with a capital.
    private static bool IsNamedSubject(AnalysedToken[] tokens, int i) =>
        tokens[i].Opening && i + 1 < tokens.Length && tokens[i + 1].Sentence == tokens[i].Sentence && !tokens[i + 1].ClauseStart && tokens[i + 1].Form == WordForm.Past
        && GroundingLexicon.Frequency(tokens[i].Text) == 0 && !QuantityReader.IsPlural(tokens[i].Text) && !tokens[i].Text.EndsWith("ing", StringComparison.Ordinal) && !tokens[i].Text.EndsWith("ly", StringComparison.Ordinal);

    private static bool Adjacent(AnalysedToken[] tokens, string first, string second)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Key == first && ((i + 1 < tokens.Length && tokens[i + 1].Key == second) || (i + 2 < tokens.Length && tokens[i + 2].Key == second && !tokens[i + 1].Content))) return true;
        }

        return false;
    }

    private static bool IsAcronym(AnalysedText text, AnalysedToken token) => token.Span.Length is >= 2 and <= 6 && token.Span.In(text.Text).All(char.IsUpper);

    // "GMCA" stands for words of the source whose initials it is.
    private static bool Spells(string acronym, PreparedSource source)
    {
        foreach (var text in new[] { source.Body, source.Head })
        {
            var initials = string.Concat(text.Tokens.Where(t => t.Capital || t.Opening).Select(t => t.Text[0]));
            if (initials.Contains(acronym, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>The word's places in the window; those of the same stem alone when there are any.</summary>
    internal static IReadOnlyList<AnalysedToken> Places(AnalysedToken token, AnalysedToken[] window, GroundingLexicon lexicon)
    {
        var same = window.Where(t => t.Content && t.Key == token.Key).ToArray();
        return same.Length > 0 ? same : [.. window.Where(t => t.Content && Same(t, token, lexicon))];
    }

    internal static bool Same(AnalysedToken a, AnalysedToken b, GroundingLexicon lexicon) =>
        a.Key == b.Key || lexicon.AreSynonyms(a.Key, b.Key)
        || (a.Phrase is { } p && (lexicon.AreSynonyms(p, b.Key) || (b.Phrase is { } q && lexicon.AreSynonyms(p, q))))
        || (b.Phrase is { } r && lexicon.AreSynonyms(r, a.Key));

    /// <summary>Whether one of the content words just behind (or else before) the sentence's word stands near the same side of the source's.</summary>
    private static bool HeadMatch(AnalysedToken[] tokens, int i, AnalysedToken[] window, AnalysedToken other, GroundingLexicon lexicon)
    {
        var heads = Ahead(tokens, i, 4).Where(t => t.Content || t.Number).Take(2).ToArray();
        var at = Array.IndexOf(window, other);
        var there = Ahead(window, at, 5).Where(t => t.Content || t.Number).Take(2).ToArray();
        if (heads.Length > 0 && there.Length > 0 && heads.Any(h => there.Any(t => Same(h, t, lexicon)))) return true;
        if (!tokens[i].Content) return false;
        var before = Behind(tokens, i, 5).Where(t => t.Content).Take(2).ToArray();
        var beforeThere = Behind(window, at, 5).Where(t => t.Content).Take(2).ToArray();
        return before.Any(h => beforeThere.Any(t => Same(h, t, lexicon)));
    }

    private static bool Nearby(AnalysedToken[] tokens, int i, AnalysedToken[] window, AnalysedToken other, GroundingLexicon lexicon)
    {
        var here = tokens.Where(t => t.Content && t != tokens[i] && t.Clause == tokens[i].Clause).ToArray();
        var there = window.Where(t => t.Content && t != other && t.Sentence == other.Sentence && Math.Abs(t.Clause - other.Clause) == 0).ToArray();
        if (here.Any(h => there.Any(t => Same(h, t, lexicon)))) return true;
        var line = window.Where(t => t.Content && t != other && t.Sentence == other.Sentence).ToArray();
        return tokens.Count(h => h.Content && h != tokens[i] && line.Any(t => t.Key == h.Key)) >= 2;
    }

    private static IEnumerable<AnalysedToken> Ahead(AnalysedToken[] tokens, int i, int reach) => tokens.Skip(i + 1).Take(reach).TakeWhile(t => t.Sentence == tokens[i].Sentence && !t.ClauseStart);

    private static IEnumerable<AnalysedToken> Behind(AnalysedToken[] tokens, int i, int reach) => Enumerable.Range(1, reach).Select(k => i - k).TakeWhile(j => j >= 0 && tokens[j].Sentence == tokens[i].Sentence && !tokens[j + 1].ClauseStart).Select(j => tokens[j]);

    private static string Before(AnalysedToken[] body, AnalysedToken token) => Array.IndexOf(body, token) is var at && at > 0 ? body[at - 1].Text : "";

    private static bool HasNegativePrefix(string word) =>
        word.Length > 5 && (word.StartsWith("un", StringComparison.Ordinal) || word.StartsWith("dis", StringComparison.Ordinal) || word.EndsWith("less", StringComparison.Ordinal)) && word is not ("under" or "until" or "united" or "union" or "university" or "district" or "discuss" or "unless" or "understand" or "unit" or "unique" or "distance" or "universal" or "undertook" or "discussion" or "distribute");

    private static string Word(AnalysedText text, AnalysedToken token) => token.Span.In(text.Text);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
