using System.Globalization;
using System.Text.Json.Nodes;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Evaluation.Briefs;

/// <summary>Writes the brief on one question.</summary>
public delegate Task<QuotedBrief> Briefer(string question, CancellationToken ct);

/// <summary>Whole briefs held against the sentences that answer: is the right question answered, from the right case studies, with the right sentences.</summary>
public static class BriefsSuite
{
    public const string Name = "briefs";

    public static SuiteReport Report(IReadOnlyList<BriefScore> scores, IReadOnlyList<Timing> times, IReadOnlyList<BriefScore>? followUps = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(times);
        BriefScore[] answerable = [.. scores.Where(s => s.Case.Answerable)];
        BriefScore[] hard = [.. answerable.Where(s => s.Case.Kind is "email" or "messy")];
        BriefScore[] others = [.. scores.Where(s => !s.Case.Answerable)];
        return new SuiteReport
        {
            Name = Name,
            Title = "Briefs",
            Description = $"{scores.Count} questions as officers ask them, with the sentences that answer (one reader, no second). Outcome right: an answerable question is answered, in part, or offered what may help; another is not. Essential: share of the sentences that answer which are quoted. Belonging: share of the quoted sentences that answer or fit. The weights that ship were learned on these very questions: what they are worth on others is the cross-validated table of docs/adr/0018-briefs.md.",
            Figures =
            [
                new("outcomeRight", Share(scores, s => s.Right)),
                new("refused", Share(answerable, s => !s.Brief.Answered)),
                new("refused[email and messy]", Share(hard, s => !s.Brief.Answered)),
                new("wronglyAnswered", Share(others, s => s.Brief.Answered)),
                new("used", Share(answerable, s => s.Used)),
                new("any", Share(answerable, s => s.Hits.Contains(true))),
                new("essential", Pooled(answerable, s => s.Hits)),
                new("belonging", Pooled(answerable, s => s.Fits)),
                .. followUps is { Count: > 0 } followed ? FollowUps([.. followed]) : [],
                new("sentencesPerBrief", Bootstrap.Mean([.. answerable.Select(s => (double)s.Fits.Count)], "No answerable question.")),
            ],
            Tables = [new ReportTable("By kind of question", Columns, [.. scores.GroupBy(s => s.Case.Kind, StringComparer.Ordinal).Select(g => Row(g.Key, [.. g])), Row("all", scores), .. followUps is { Count: > 0 } rows ? [Row("follow-up", rows)] : Array.Empty<IReadOnlyList<string>>()])],
            Items = [new ItemScores("outcomeRight", [.. scores.Select(s => (s.Case.Id, s.Right ? 1.0 : 0))])],
            Predictions = [.. scores.Select(Line)],
            Times = times,
        };
    }

    private static NamedFigure[] FollowUps(BriefScore[] followed) =>
    [
        new("followUpOutcomeRight", Share(followed, s => s.Right)),
        new("followUpEssential", Pooled([.. followed.Where(s => s.Case.Answerable)], s => s.Hits)),
    ];

    public static IReadOnlyList<string> Columns { get; } = ["Kind", "Questions", "Refused", "Used", "Any", "Essential", "Belonging", "Sentences", "Wrongly answered"];

    /// <summary>One row of the table by kind.</summary>
    public static IReadOnlyList<string> Row(string kind, IReadOnlyList<BriefScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var answerable = scores.Where(s => s.Case.Answerable).ToList();
        return
        [
            kind, scores.Count.ToString(CultureInfo.InvariantCulture), Mean(answerable.Select(s => !s.Brief.Answered)), Mean(answerable.Select(s => s.Used)), Mean(answerable.Select(s => s.Hits.Contains(true))),
            Mean(answerable.SelectMany(s => s.Hits)), Mean(answerable.SelectMany(s => s.Fits)),
            answerable.Count == 0 ? "–" : answerable.Average(s => s.Fits.Count).ToString("0.0", CultureInfo.InvariantCulture), Mean(scores.Where(s => !s.Case.Answerable).Select(s => s.Brief.Answered)),
        ];
    }

    private static string Mean(IEnumerable<bool> values) => values.ToList() is { Count: > 0 } list ? list.Average(v => v ? 1.0 : 0).ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static Figure Share(IReadOnlyList<BriefScore> among, Func<BriefScore, bool> hit) => Figure.Share(among.Count(hit), among.Count, "No such question.");

    // Sentences of one brief hang together, so briefs are drawn, not sentences.
    private static Figure Pooled(BriefScore[] among, Func<BriefScore, IReadOnlyList<bool>> of) => Bootstrap.Of(among.Length, times =>
    {
        int hit = 0, all = 0;
        for (var i = 0; i < times.Length; i++) (hit, all) = (hit + (times[i] * of(among[i]).Count(x => x)), all + (times[i] * of(among[i]).Count));
        return all == 0 ? null : (double)hit / all;
    }, "No such sentence.");

    private static JsonObject Line(BriefScore score) => new()
    {
        ["id"] = score.Case.Id,
        ["kind"] = score.Case.Kind,
        ["outcome"] = score.Brief.Outcome,
        ["used"] = new JsonArray([.. score.Brief.Quoted.Select(q => q.Slug).Distinct(StringComparer.Ordinal).Select(s => (JsonNode?)s)]),
        ["essential"] = score.Hits.Count(h => h),
        ["of"] = score.Hits.Count,
        ["fit"] = score.Fits.Count(f => f),
        ["said"] = score.Fits.Count,
    };
}
