using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.CoOperation;

/// <summary>VG19: shows how old the evidence is.</summary>
internal sealed class AgeChecker : RuleChecker
{
    private readonly int warnYears;
    private readonly int staleYears;
    private readonly PhraseSet saysUndated;
    private readonly PhraseSet saysCheck;

    public AgeChecker(RuleSettings settings)
    {
        warnYears = settings.Integer("warn_years", 5, 0, 100);
        staleYears = settings.Integer("stale_years", 8, 0, 100);
        _ = settings.Text("undated", "say so", "say so");
        var list = settings.List("lexicon", "age.txt").Only("says-undated", "says-check");
        (saysUndated, saysCheck) = (list.Phrases("says-undated"), list.Phrases("says-check"));
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (context.Stage == Stage.Retrieved)
        {
            var ages = context.Passages.Select(p => new RuleEvidence(YearOf(p) is { } y ? string.Create(CultureInfo.InvariantCulture, $"{p.Id}: {y}, {context.AsOf.Year - y} years old") : $"{p.Id}: undated", p.Id)).ToArray();
            yield return ages.Length == 0 ? NotApplicable(Whole(context), "There are no passages.") : Pass(Whole(context), "The age of each source is noted.", ages);
            yield break;
        }

        var all = context.AnswerSentences.Select(s => (Sentence: s, Tokens: context.Words(s.Text))).ToList();
        var (failed, cited) = (false, false);
        foreach (var (sentence, tokens) in all)
        {
            if (sentence.Kind == SentenceKind.Service) continue;
            foreach (var passage in sentence.Citations.Select(context.PassageOf).OfType<RulePassage>().DistinctBy(p => p.Id))
            {
                cited = true;
                if (Missing(passage, sentence, tokens, all, context.AsOf.Year) is not { } missing) continue;
                failed = true;
                yield return Fail(
                    new RuleTarget("sentence", sentence.Number.ToString(CultureInfo.InvariantCulture)), missing.Explanation,
                    new RuleEvidence(YearOf(passage) is { } y ? string.Create(CultureInfo.InvariantCulture, $"{passage.Id}: {y} (from the {(passage.Year is null ? "text" : "page")})") : $"{passage.Id}: no year on the page", passage.Id)) with
                { Line = missing.Line };
            }
        }

        if (!failed) yield return cited ? Pass(Whole(context), "Old and undated evidence is shown as such.") : NotApplicable(Whole(context), "Nothing is cited.");
    }

    private static int? YearOf(RulePassage passage) => passage.Year ?? passage.TextYear;

    private (string Explanation, string Line)? Missing(RulePassage passage, RuleSentence sentence, Tokens tokens, IReadOnlyList<(RuleSentence Sentence, Tokens Tokens)> all, int today)
    {
        if (YearOf(passage) is not { } year)
        {
            // A line that names no source of its own speaks for every undated one.
            var said = saysUndated.Any(tokens) || all.Any(a => saysUndated.Any(a.Tokens) && (a.Sentence.Citations.Count == 0 || a.Sentence.Citations.Contains(passage.Id, StringComparer.Ordinal)));
            return said ? null : ("The source has no year; the sentence must say “undated”.", "undated");
        }

        var age = today - year;
        if (age <= warnYears) return null;
        var written = year.ToString(CultureInfo.InvariantCulture);
        if (!tokens.All.Any(t => t.Text == written || (t.Text.StartsWith(written, StringComparison.Ordinal) && t.Text.Length == 5)))
            return (string.Create(CultureInfo.InvariantCulture, $"The work is from {year}, {age} years ago; the sentence must give the year."), "year");
        return age > staleYears && !all.Any(a => saysCheck.Any(a.Tokens))
            ? (string.Create(CultureInfo.InvariantCulture, $"The work is from {year}, {age} years ago; it may have changed, and the answer does not say so."), "stale")
            : null;
    }
}
