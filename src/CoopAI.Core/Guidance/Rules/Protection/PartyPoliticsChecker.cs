using System.Text.Json;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>VG08: no persuasion for or against a party. A party with a persuasion cue in the same sentence fails; a party alone is noted.</summary>
internal sealed class PartyPoliticsChecker : RuleChecker
{
    private readonly PhraseSet parties = new();
    private readonly PhraseSet ownParty;
    private readonly PhraseSet cues;
    private readonly PhraseSet strong;
    private readonly PhraseSet harmless;
    private readonly PhraseSet alone;
    private readonly QuestionClassifiers? classifiers;
    private readonly CleanTexts clean = new();

    public PartyPoliticsChecker(RuleSettings settings)
    {
        classifiers = settings.Classifiers();
        var list = settings.List("lexicon", "party_politics.txt").Only("persuasion", "strong-persuasion", "any-party", "persuasion-alone", "harmless");
        cues = list.Phrases("persuasion");
        strong = list.Phrases("strong-persuasion");
        ownParty = list.Phrases("any-party");
        alone = list.Phrases("persuasion-alone", required: false);
        harmless = list.Phrases("harmless", required: false);
        var (file, content) = settings.File("party_list", "parties.json");
        Load(file, content);
        _ = settings.Text("mention_only", "annotate", "annotate");
    }

    /// <summary>Party terms in a text, for VG09.</summary>
    internal IReadOnlyList<PhraseMatch> Parties(Tokens tokens)
    {
        var spared = harmless.Find(tokens);
        return [.. parties.Find(tokens).Where(m => !spared.Any(s => s.Span.Overlaps(m.Span)))];
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var failed = false;
        var mentions = new List<string>();
        foreach (var (target, text) in UnreadTexts(context, clean))
        {
            var (reported, named) = (false, new List<string>());
            foreach (var (party, cue) in Find(context, text, named))
            {
                if (reported) break;
                (failed, reported) = (true, true);
                yield return Fail(
                    target with { Start = party.Start, End = party.End },
                    "Material must not seem meant to affect support for a political party (Local Government Act 1986, section 2).",
                    new RuleEvidence($"Party: “{party.In(text)}”", target.Kind == "passage" ? target.Id : null),
                    new RuleEvidence($"Persuasion: “{Cut(cue.In(text))}”"));
            }

            if (!reported) mentions.AddRange(named);
            if (!reported && named.Count == 0) Remember(context, clean, text);
        }

        if (failed) yield break;
        if (Learned(classifiers, "party-politics", context, "This reads like a request for material for or against a party or candidate (Local Government Act 1986, section 2).") is { } learned)
        {
            yield return learned;
            yield break;
        }

        yield return mentions.Count == 0
            ? Pass(Whole(context), "No political party is named.")
            : Pass(Whole(context), "A party is named without persuasion.", [.. mentions.Distinct(StringComparer.Ordinal).Select(m => new RuleEvidence(m))]) with { Key = "mention_only", Action = Rule.ActionFor("mention_only") };
    }

    private IEnumerable<(TextSpan Party, TextSpan Cue)> Find(RuleContext context, string text, List<string> named)
    {
        var tokens = context.Level(text).Folded.Tokens;
        var spared = harmless.Find(tokens);
        foreach (var hit in alone.Find(tokens))
        {
            if (!spared.Any(s => s.Span.Overlaps(hit.Span))) yield return (hit.Span, hit.Span);
        }

        var found = Parties(tokens);
        named.AddRange(found.Select(f => f.Span.In(text)));
        var persuasion = found.Count == 0 ? [] : cues.Find(tokens).Concat(strong.Find(tokens)).Where(c => !spared.Any(s => s.Span.Overlaps(c.Span))).ToList();
        foreach (var party in found)
        {
            if (persuasion.Find(c => SameSentence(tokens, party, c)) is { } cue) yield return (party.Span, cue.Span);
        }

        // An order to write campaign material reaches over the sentence's end: "Write a leaflet. It should praise Labour."
        if (found.Count > 0 && strong.Find(tokens) is [var order, ..]) yield return (found[0].Span, order.Span);
        foreach (var any in ownParty.Find(tokens))
        {
            if (!spared.Any(s => s.Span.Overlaps(any.Span)) && strong.Find(tokens).FirstOrDefault(c => SameSentence(tokens, any, c)) is { } cue) yield return (any.Span, cue.Span);
        }
    }

    private static bool SameSentence(Tokens tokens, PhraseMatch a, PhraseMatch b)
    {
        if (a.First < 0 || b.First < 0) return true;
        var (start, end) = (tokens.SentenceStart(a.First), tokens.SentenceEnd(a.First));
        // The cue must be more than the party's own words ("Labour manifesto" is both).
        return b.First >= start && b.First < end;
    }

    private void Load(string file, string content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var index = 0;
            foreach (var party in document.RootElement.GetProperty("parties").EnumerateArray())
            {
                index++;
                foreach (var term in party.GetProperty("terms").EnumerateArray())
                {
                    try
                    {
                        parties.Add(term.GetString() ?? "", NoClasses);
                    }
                    catch (FormatException e)
                    {
                        throw ListFile.Bad(file, LineOf(content, term.GetString() ?? ""), $"party {index}: {e.Message}");
                    }
                }
            }
        }
        catch (JsonException e)
        {
            throw ListFile.Bad(file, (int)(e.LineNumber ?? 0) + 1, "not JSON");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw ListFile.Bad(file, 1, "must hold 'parties', a list of objects with a list of 'terms'");
        }

        if (parties.Count == 0) throw ListFile.Bad(file, 1, "names no party");
    }

    private static readonly Dictionary<string, string> NoClasses = [];

    private static int LineOf(string content, string term) => 1 + content.AsSpan(0, Math.Max(0, content.IndexOf(term, StringComparison.Ordinal))).Count('\n');
}
