using System.Collections.Frozen;
using CoopAI.Core.Grounding.Meaning;
using CoopAI.Core.Grounding.Quantities;
using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Reading;

/// <summary>What a verb form says about time.</summary>
internal enum WordForm
{
    Base,
    Past,
    Other,
}

/// <summary>One word with what the comparison needs to know of it.</summary>
internal sealed class AnalysedToken
{
    public required WordFacts Facts { get; init; }

    public string Text => Facts.Text;

    /// <summary>Stem of the base form: what is compared.</summary>
    public string Key => Facts.Key;

    /// <summary>Key of a two-word expression that begins here ("set up"), if any.</summary>
    public string? Phrase { get; set; }

    public required TextSpan Span { get; init; }

    public required int Sentence { get; init; }

    public WordForm Form => Facts.Form;

    /// <summary>Carries meaning: neither a function word nor absorbed by a two-word expression before it.</summary>
    public bool Content { get; set; }

    /// <summary>Written with a capital where a sentence does not begin.</summary>
    public bool Capital { get; init; }

    /// <summary>First word of its sentence, written with a capital.</summary>
    public bool Opening { get; init; }

    /// <summary>Punctuation that ends a clause stands before this word.</summary>
    public bool ClauseStart { get; set; }

    public int Clause { get; set; }

    public bool Negated { get; set; }

    /// <summary>A word that denies, where it does.</summary>
    public bool Denies { get; set; }

    /// <summary>Among the first two content words behind a negation.</summary>
    public bool NegationHead { get; set; }

    /// <summary>Told as planned, wished or possible.</summary>
    public bool Planned { get; set; }

    /// <summary>Told as planned by more than a bare "to": by "will", "plans", "the aim of".</summary>
    public bool PlannedFirmly { get; set; }

    /// <summary>Among the first two content words behind a strong sign of a plan ("will", "plans to").</summary>
    public bool PlanHead { get; set; }

    /// <summary>The word begins with a digit or is part of a number.</summary>
    public bool Number { get; set; }

    public double Weight => Facts.Weight;
}

/// <summary>What is known of a word wherever it stands.</summary>
/// <param name="Key">Stem of the base form.</param>
/// <param name="Stop">A function word, or a lone letter.</param>
/// <param name="Weight">How much it tells: <see cref="GroundingLexicon.Weight"/>.</param>
internal sealed record WordFacts(string Text, string Key, bool Stop, WordForm Form, double Weight, bool BeginsPhrase, bool BeginsQuantity, bool BeginsClause, bool StrongPlan, bool PlanNoun);

/// <summary>A text cut into words and clauses, with negations, plans and quantities marked. Built once a passage.</summary>
internal sealed class AnalysedText
{
    private static readonly FrozenSet<string> Negators =
        Set("not no nil never without neither nor none nobody nothing nowhere cannot cant dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt wont wouldnt couldnt shouldnt fail failed fails failing unable lack lacked lacks lacking hardly barely scarcely rarely seldom refused declined ceased");

    private static readonly FrozenSet<string> StrongPlans =
        Set("will shall may might could would plans planned planning intends intended hopes hoped proposes proposed aims aimed expects expected considering wants wanted wishes wished seeks sought due should pledged promised ought wont");

    private static readonly FrozenSet<string> PlanNouns =
        Set("plan plans planned aim aims goal goals missions objectives tasks ambitions hoped ambition vision intention purpose hope hopes proposal proposals target targets objective mission expected intended meant designed seeks wants wishes should can could pledge pledges pledged promise promised undertook commitment task idea agreed decided offered willing ready want wish seek intend propose consider considers considered possible potential foresees option options future soon");

    private static readonly FrozenSet<string> ClauseWords =
        Set("and but while whereas which who whom because so after before when although though however since until if where that then as");

    private static readonly FrozenSet<string> StopExtra = Set("s t us uk also well still yet even much many every all both one two");

    private AnalysedText(string text, AnalysedToken[] tokens, IReadOnlyList<TextSpan> sentences, IReadOnlyList<Quantity> quantities)
    {
        Text = text;
        Tokens = tokens;
        Sentences = sentences;
        Quantities = quantities;
    }

    public string Text { get; }

    public AnalysedToken[] Tokens { get; }

    public IReadOnlyList<TextSpan> Sentences { get; }

    public IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Places of each content word's key.</summary>
    public IReadOnlyDictionary<string, int[]> ByKey => _byKey ??= PlacesOf(Tokens);

    private Dictionary<string, int[]>? _byKey;

    public static AnalysedText Of(string text, GroundingLexicon lexicon)
    {
        var sentences = Core.Language.Sentences.Split(text);
        var tokens = Cut(text, sentences, lexicon);
        var quantities = QuantityReader.Read(text, tokens);
        MarkPhrases(tokens, lexicon);
        MarkClauses(tokens);
        MarkNegations(text, tokens);
        MarkPlans(tokens);
        return new AnalysedText(text, tokens, sentences, quantities);
    }

    private static AnalysedToken[] Cut(string text, IReadOnlyList<TextSpan> sentences, GroundingLexicon lexicon)
    {
        var tokens = new List<AnalysedToken>(text.Length / 5);
        var words = new List<Word>();
        for (var s = 0; s < sentences.Count; s++)
        {
            var piece = sentences[s].In(text);
            var first = true;
            words.Clear();
            words.AddRange(Words.Split(piece));
            for (var i = 0; i < words.Count; i++)
            {
                var word = words[i].Text;
                var span = words[i].Span;
                // "co-operative" and "cooperative" are one word; a hyphen elsewhere separates.
                if (word is "co" && i + 1 < words.Count && words[i + 1].Span.Start == span.End + 1 && piece[span.End] is '-' or '‐' or '‑' or '–' && i + 1 < words.Count)
                {
                    word += words[i + 1].Text;
                    span = new TextSpan(span.Start, words[i + 1].Span.End);
                    i++;
                }

                var start = sentences[s].Start + span.Start;
                var capital = char.IsUpper(text[start]);
                var facts = lexicon.FactsOf(word);
                tokens.Add(new AnalysedToken
                {
                    Facts = facts,
                    Span = new TextSpan(start, sentences[s].Start + span.End),
                    Sentence = s,
                    // The month is a name where the auxiliary is a function word.
                    Content = !facts.Stop || (word is "may" && capital && !first),
                    Capital = capital && !first,
                    Opening = capital && first,
                    ClauseStart = tokens.Count == 0 || tokens[^1].Sentence != s || BreaksClause(text, tokens[^1].Span.End, start),
                    Number = char.IsAsciiDigit(word[0]),
                });
                first = false;
            }
        }

        return [.. tokens];
    }

    private static Dictionary<string, int[]> PlacesOf(AnalysedToken[] tokens)
    {
        var places = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!tokens[i].Content) continue;
            if (!places.TryGetValue(tokens[i].Key, out var list)) places[tokens[i].Key] = list = [];
            list.Add(i);
        }

        return places.ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>What is known of a word: computed once a word and lexicon.</summary>
    internal static WordFacts FactsOf(string word, GroundingLexicon lexicon)
    {
        var key = lexicon.KeyOf(word);
        return new WordFacts(
            word,
            key,
            StopWords.Contains(word) || (word.Length == 1 && !char.IsAsciiDigit(word[0])) || StopExtra.Contains(word),
            FormOf(word, lexicon),
            GroundingLexicon.Weight(word),
            lexicon.BeginsPhrase(key),
            QuantityReader.MayBegin(word),
            ClauseWords.Contains(word),
            StrongPlans.Contains(word),
            PlanNouns.Contains(word));
    }

    private static WordForm FormOf(string word, GroundingLexicon lexicon) =>
        lexicon.IsIrregularPast(word) ? WordForm.Past
        : word.Length > 3 && word.EndsWith("ed", StringComparison.Ordinal) ? WordForm.Past
        : word.Length > 3 && (word.EndsWith('s') || word.EndsWith("ing", StringComparison.Ordinal)) ? WordForm.Other
        : WordForm.Base;

    private static bool BreaksClause(string text, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (text[i] is ',' or ';' or ':' or '(' or ')' or '–' or '—' || (text[i] == '-' && i > from && text[i - 1] == ' ')) return true;
        }

        return false;
    }

    private static void MarkPhrases(AnalysedToken[] tokens, GroundingLexicon lexicon)
    {
        for (var i = 0; i + 1 < tokens.Length; i++)
        {
            if (!tokens[i].Facts.BeginsPhrase || tokens[i].Sentence != tokens[i + 1].Sentence || tokens[i + 1].ClauseStart) continue;
            var pair = $"{tokens[i].Key} {tokens[i + 1].Key}";
            if (!lexicon.IsPhrase(pair)) continue;
            tokens[i].Phrase = pair;
            tokens[i].Content = true;
        }
    }

    private static void MarkClauses(AnalysedToken[] tokens)
    {
        var clause = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i > 0 && (tokens[i].ClauseStart || tokens[i].Facts.BeginsClause)) clause++;
            tokens[i].Clause = clause;
        }
    }

    private static void MarkNegations(string text, AnalysedToken[] tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (NegationLength(text, tokens, i) is var length && length == 0) continue;
            tokens[i].Denies = true;
            var heads = 0;
            var content = 0;
            // "Hardly any of the customers, it turned out, had chosen it": a denied subject denies its verb.
            var subject = tokens[i].Text is "no" or "none" or "nobody" or "neither" or "hardly" or "nothing";
            for (var j = i + length; j < tokens.Length && content < (subject ? 8 : 4); j++)
            {
                if (tokens[j].Sentence != tokens[i].Sentence || (j > i + length && tokens[j].ClauseStart && !subject) || tokens[j].Text is "but" or "while" or "although") break;
                if (!tokens[j].Content) continue;
                content++;
                tokens[j].Negated = !tokens[j].Negated;
                if (heads++ < 2) tokens[j].NegationHead = true;
            }
        }
    }

    /// <summary>How many words the negation at <paramref name="i"/> takes; 0: none stands there.</summary>
    internal static int NegationLength(string text, AnalysedToken[] tokens, int i)
    {
        var word = tokens[i].Text;
        var next = i + 1 < tokens.Length && tokens[i + 1].Sentence == tokens[i].Sentence ? tokens[i + 1].Text : "";
        if (word is "rather" && next is "than") return 2;
        if (word is "instead" && next is "of") return 2;
        if (word is "no" && next is "longer") return 2;
        if (word is "free" && next is "of" or "from") return 2;
        if (word is "no" or "not" && next is "more" or "later" or "higher" or "greater" or "earlier" && i + 2 < tokens.Length && tokens[i + 2].Text is "than") return 0;
        if (Turning(word, next, i + 2 < tokens.Length && tokens[i + 2].Sentence == tokens[i].Sentence ? tokens[i + 2].Text : "") is > 0 and var turning) return turning;
        if (!Negators.Contains(word)) return 0;
        // "not only", "no fewer than" and "not-for-profit" deny nothing.
        if (word is "not" or "no" && (next is "only" or "just" or "merely" or "simply" or "fewer" or "less" or "doubt"
            || (tokens[i].Span.End < text.Length && text[tokens[i].Span.End] is '-' or '‑'))) return 0;
        if (word is "refused" or "declined" or "ceased" or "failed" or "fail" or "fails" or "unable") return next is "to" ? 2 : word is "failed" or "fail" or "fails" ? 1 : 0;
        return 1;
    }

    /// <summary>Words of a verb that tells that something did not come about: "stopped short of backing", "ruled out a levy"; 0 for another.</summary>
    private static int Turning(string word, string next, string third) => (word, next, third) switch
    {
        ("stop" or "stops" or "stopped" or "stopping" or "fall" or "falls" or "fell" or "fallen" or "falling", "short", "of") => 3,
        ("back" or "backs" or "backed" or "backing" or "pull" or "pulls" or "pulled" or "pulling", "out", "of") => 3,
        ("shy" or "shies" or "shied" or "step" or "stepped" or "walk" or "walked", "away", "from") => 3,
        ("rule" or "rules" or "ruled" or "ruling", "out", _) => 2,
        ("turn" or "turns" or "turned" or "turning" or "vote" or "votes" or "voted" or "voting", "down", _) => 2,
        ("vote" or "votes" or "voted" or "voting" or "decide" or "decides" or "decided" or "deciding" or "chose" or "opted", "against", _) => 2,
        ("yet", "to", _) => 2,
        ("withdrew" or "withdrawn" or "scrapped" or "shelved" or "vetoed" or "rejected" or "abandoned" or "cancelled", "a" or "an" or "the" or "its" or "their" or "any" or "all" or "plans", _) => 1,
        ("dropped" or "drops", "plans" or "proposals", _) or ("dropped" or "drops", "the" or "its" or "their" or "a", "plan" or "plans" or "idea" or "proposal" or "proposals" or "scheme") => 1,
        _ => 0,
    };

    /// <summary>Whether a form of "be" before it makes of this word that its subject did not come about: "was ruled out", "were scrapped".</summary>
    internal static bool IsTurnedDown(AnalysedToken[] tokens, int i) =>
        tokens[i].Text is "rejected" or "scrapped" or "shelved" or "vetoed" or "abandoned" or "cancelled" or "withdrawn" or "dropped" or "refused"
        || (i + 1 < tokens.Length && tokens[i + 1].Sentence == tokens[i].Sentence && (tokens[i].Text, tokens[i + 1].Text) is ("ruled", "out") or ("turned", "down") or ("voted", "down") or ("thrown", "out") or ("called", "off"));

    private static void MarkPlans(AnalysedToken[] tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            var next = i + 1 < tokens.Length && tokens[i + 1].Sentence == tokens[i].Sentence ? tokens[i + 1] : null;
            if (next is null) continue;
            var isTo = tokens[i].Text is "is" or "are" or "was" or "were" && next.Text is "to";
            var strong = isTo || (tokens[i].Facts.StrongPlan && !tokens[i].Capital && (IsAuxiliary(tokens[i].Text) || next.Text is "to" or "for" or "that" or "a" or "an" or "the"));
            var noun = tokens[i].Facts.PlanNoun;
            var weak = noun || (tokens[i].Text is "to" && next.Form == WordForm.Base);
            if (!strong && !weak) continue;
            var heads = 0;
            for (var j = i + 1; j < tokens.Length && tokens[j].Sentence == tokens[i].Sentence; j++)
            {
                // A finite past verb behind a comma or a conjunction takes up the telling again.
                if (j > i + 1 && tokens[j].ClauseStart && ((!strong && !noun) || tokens[j].Form == WordForm.Past)) break;
                if (j > i + 1 && tokens[j].Text is "but" or "after" or "because" or "since" or "when") break;
                if (j > i + 14) break;
                tokens[j].Planned = true;
                if (strong || noun) tokens[j].PlannedFirmly = true;
                if (strong && tokens[i].Text is not ("should" or "would" or "could" or "wants" or "wanted" or "sought") && tokens[j].Content && heads++ < 2) tokens[j].PlanHead = true;
            }
        }

        static bool IsAuxiliary(string word) => word is "will" or "shall" or "may" or "might" or "could" or "would" or "should" or "wont" or "considering";
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
