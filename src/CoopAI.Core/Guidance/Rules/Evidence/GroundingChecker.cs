using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Grounding;
using CoopAI.Core.Grounding.Meaning;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Evidence;

/// <summary>VG01 to VG03: the sentence verifier's verdicts as findings. The three read one verification of each sentence.</summary>
internal sealed class GroundingChecker : RuleChecker
{
    private readonly string rule;

    public GroundingChecker(string rule, RuleSettings settings)
    {
        this.rule = rule;
        try
        {
            switch (rule)
            {
                case "VG01":
                    Settings = Settings with
                    {
                        MinOverlap = settings.Number("min_overlap", 0.55, 0, 1),
                        WindowSentences = settings.Integer("window_sentences", 3, 1, 10),
                        NegationCheck = settings.Flag("negation_check", true),
                    };
                    var (words, lines) = settings.File("lexicon", "grounding-words.txt");
                    Lexicon = GroundingLexicon.Parse(lines, words);
                    break;
                case "VG02":
                    Settings = Settings with
                    {
                        ApproxTolerance = (decimal)settings.Number("approx_tolerance", 0.05, 0, 0.5),
                        DerivedNumbers = settings.Flag("derived_numbers", false),
                    };
                    break;
                default:
                    var (file, json) = settings.File("alias_table", "councils.json");
                    Councils = CouncilTable.Parse(json, file);
                    Settings = Settings with { MinQuoteChars = settings.Integer("min_quote_chars", 12, 1, 1000) };
                    _ = settings.Text("unknown_lead", "flag", "flag");
                    break;
            }
        }
        catch (FormatException e)
        {
            throw new BadInputException(e.Message, e);
        }
    }

    public GroundingSettings Settings { get; } = new();

    public GroundingLexicon? Lexicon { get; }

    public CouncilTable? Councils { get; }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (context.Verification is not { } verification)
        {
            yield return CouldNotCheck(Whole(context), $"{rule} needs the sentence verifier.");
            yield break;
        }

        var any = false;
        foreach (var sentence in context.AnswerSentences.Where(s => s.Kind == SentenceKind.Answer))
        {
            any = true;
            var verdict = verification.Of(sentence, context.Passages).First(r => r.Rule == rule);
            yield return new Finding(verdict.Status, verdict.Target, verdict.Explanation, verdict.Evidence);
        }

        if (!any) yield return NotApplicable(Whole(context), "There is no sentence of the composer's to check.");
    }
}

/// <summary>What the verifier found for the sentences of one run, so that three rules cost one verification.</summary>
internal sealed class Verification(SentenceVerifier verifier)
{
    private readonly Dictionary<(int Number, string Text), IReadOnlyList<RuleResult>> results = [];
    private IReadOnlyList<RulePassage>? passages;
    private PreparedSources? sources;

    public IReadOnlyList<RuleResult> Of(RuleSentence sentence, IReadOnlyList<RulePassage> retrieved)
    {
        if (sources is null || !ReferenceEquals(passages, retrieved))
        {
            sources = verifier.Prepare(retrieved.Select(p => new SourcePassage(p.Id, p.Text, p.Title, p.LeadMember, p.Partners, p.Year)));
            passages = retrieved;
            results.Clear();
        }

        if (!results.TryGetValue((sentence.Number, sentence.Text), out var found))
            results[(sentence.Number, sentence.Text)] = found = verifier.Verify(sentence.Text, sentence.Citations, sources, sentence.Number);
        return found;
    }
}
