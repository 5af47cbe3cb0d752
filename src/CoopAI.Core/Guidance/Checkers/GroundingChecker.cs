namespace CoopAI.Core.Guidance.Checkers;

/// <summary>VG01 to VG03: the sentence verifier's verdicts as rule results.</summary>
internal sealed class GroundingChecker : RuleChecker
{
    private readonly string rule;

    public GroundingChecker(string rule, RuleSettings settings)
    {
        this.rule = rule;
        switch (rule)
        {
            case "VG01":
                _ = settings.Number("min_overlap", 0.55, 0, 1);
                _ = settings.Integer("window_sentences", 3, 1, 10);
                _ = settings.Flag("negation_check", true);
                break;
            case "VG02":
                _ = settings.Number("approx_tolerance", 0.05, 0, 0.5);
                _ = settings.Flag("derived_numbers", false);
                break;
            default:
                _ = settings.Text("alias_table", "councils.json");
                _ = settings.Integer("min_quote_chars", 12, 1, 1000);
                _ = settings.Text("unknown_lead", "flag", "flag");
                break;
        }
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        yield return CouldNotCheck(Whole(context), $"{rule} needs the sentence verifier.");
    }
}
