using System.Text.Json.Nodes;
using CoopAI.Evaluation.Reporting;

namespace CoopAI.Evaluation.Grounding;

/// <summary>Both error rates of the sentence verifier, by kind of alteration.</summary>
public static class GroundingSuite
{
    public const string Name = "grounding";

    /// <param name="passes">For each pair whether the verifier would show the sentence.</param>
    public static SuiteReport Report(IReadOnlyList<GroundingPair> pairs, IReadOnlyList<bool> passes, IReadOnlyList<Timing> times)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(passes);
        (GroundingPair Pair, bool Passes)[] judged = [.. pairs.Zip(passes)];
        var kinds = judged.GroupBy(j => (j.Pair.Faithful, j.Pair.Kind)).OrderBy(g => g.Key.Faithful).ThenBy(g => g.Key.Kind, StringComparer.Ordinal).ToArray();
        return new SuiteReport
        {
            Name = Name,
            Title = "Grounding",
            Description = $"{judged.Length} labelled sentences with the passages they cite: {judged.Count(j => !j.Pair.Faithful)} altered in one place, {judged.Count(j => j.Pair.Faithful)} faithful. An altered sentence that is shown is an error; so is a faithful one that is withheld. Shares with Wilson's 95% intervals. The alterations are made, not found: they show what the verifier sees, not how often a composer errs.",
            Figures =
            [
                new("alteredCaught", Share(judged.Where(j => !j.Pair.Faithful), passed: false, "No altered sentence.")),
                new("faithfulWithheld", Share(judged.Where(j => j.Pair.Faithful), passed: false, "No faithful sentence.")),
                .. judged.GroupBy(j => j.Pair.Split, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(g => new NamedFigure[]
                {
                    new($"alteredCaught[split={g.Key}]", Share(g.Where(j => !j.Pair.Faithful), passed: false, "No altered sentence.")),
                    new($"faithfulWithheld[split={g.Key}]", Share(g.Where(j => j.Pair.Faithful), passed: false, "No faithful sentence.")),
                }),
                .. kinds.Select(k => new NamedFigure($"{(k.Key.Faithful ? "faithfulWithheld" : "alteredCaught")}[{k.Key.Kind}]", Share(k, passed: false, "No such sentence."))),
            ],
            Tables =
            [
                new ReportTable("By kind", ["Kind", "Sentences", "Errors", "Error rate"],
                    [.. kinds.Select(k => (IReadOnlyList<string>)[$"{(k.Key.Faithful ? "faithful" : "altered")}: {k.Key.Kind}", $"{k.Count()}", $"{k.Count(j => j.Passes != j.Pair.Faithful)}",
                        ReportText.Of(Share(k, passed: !k.Key.Faithful, "No such sentence."))])]),
                new ReportTable("Errors", ["Sentence", "Kind", "Should be", "Was"],
                    [.. judged.Where(j => j.Passes != j.Pair.Faithful).Take(200).Select(j => (IReadOnlyList<string>)[j.Pair.Id, j.Pair.Kind, j.Pair.Faithful ? "shown" : "withheld", j.Passes ? "shown" : "withheld"])]),
            ],
            Plots =
            [
                new ReportPlot.Matrix("Shown and withheld by kind", "For each kind of sentence how many were shown and how many withheld. Altered ones should be withheld, faithful ones shown.", ["shown", "withheld"],
                    [.. kinds.Select(k => ($"{(k.Key.Faithful ? "faithful" : "altered")}: {k.Key.Kind}", (IReadOnlyList<int>)[k.Count(j => j.Passes), k.Count(j => !j.Passes)]))]),
            ],
            Items = [new ItemScores("right", [.. judged.Select(j => (j.Pair.Id, j.Passes == j.Pair.Faithful ? 1.0 : 0.0))])],
            Predictions = [.. judged.Select(j => new JsonObject { ["id"] = j.Pair.Id, ["kind"] = j.Pair.Kind, ["faithful"] = j.Pair.Faithful, ["shown"] = j.Passes })],
            Times = times,
        };
    }

    private static Figure Share(IEnumerable<(GroundingPair, bool Passes)> among, bool passed, string whenNone)
    {
        var cases = among.ToArray();
        return Figure.Share(cases.Count(c => c.Passes == passed), cases.Length, whenNone);
    }
}
