using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>A verdict that a changed framework would give otherwise.</summary>
/// <param name="Target">What the rule judged, as <c>kind</c> or <c>kind:id</c>.</param>
/// <param name="Was">As recorded; null: the rule did not judge this.</param>
/// <param name="Now">Under the changed framework; null: the rule would not judge this.</param>
/// <param name="WasActions">What was done, in order of name; empty: nothing.</param>
/// <param name="NowActions">What would be done.</param>
/// <param name="Explanation">The changed framework's own sentence; the recorded one when there would be no verdict.</param>
public sealed record ChangedVerdict(
    string AnswerId, Stage Stage, string Rule, string Target, RuleStatus? Was, RuleStatus? Now,
    IReadOnlyList<RuleAction> WasActions, IReadOnlyList<RuleAction> NowActions, string Explanation);

/// <summary>What a changed framework would have said of past answers.</summary>
/// <param name="Version">The changed framework.</param>
/// <param name="Answers">Answers looked at.</param>
/// <param name="InPart">Answers whose question was erased: only the rules on the answer itself could be run again.</param>
/// <param name="NotReplayed">Answers whose record holds nothing to run the rules on, such as questions held for personal data.</param>
/// <param name="Changes">In order of answer, stage, rule and target.</param>
public sealed record ReplayReport(
    string Version, int Answers, IReadOnlyList<string> InPart, IReadOnlyList<string> NotReplayed, IReadOnlyList<ChangedVerdict> Changes);

/// <summary>Runs a changed framework over past answers, before it is adopted.</summary>
/// <remarks>
/// An answer's record keeps under <c>stages</c> what the rules of each stage were given (question, passages, draft), so that they are run on
/// the very same words and dates. The composer is not run again: a replay shows what the rules would say of the draft as it was. The record
/// stage is left out: it judges the record itself.
/// </remarks>
public static class GuidanceReplay
{
    /// <summary>The member of a record that holds what the rules were given.</summary>
    public const string Member = "stages";

    /// <summary>What a record keeps of the rules' input.</summary>
    public static JsonArray Keep(IEnumerable<RuleContext> contexts)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        return new([.. contexts.Select(c =>
        {
            var json = (JsonObject)JsonSerializer.SerializeToNode(c, CoopJson.Options)!;
            json.Remove("answerSentences");
            json.Remove("record");
            foreach (var empty in json.Where(m => m.Value is null or JsonArray { Count: 0 }).Select(m => m.Key).ToList()) json.Remove(empty);
            return (JsonNode)json;
        })]);
    }

    /// <summary>Replays answers one after the other.</summary>
    /// <param name="answers">Id, record with the texts that are still kept, and whether the question is among them.</param>
    public static ReplayReport Run(IEnumerable<(string Id, JsonObject Record, bool QuestionKept)> answers, GuidanceRunner runner, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        return Walk(
            answers,
            record =>
            {
                var recorded = record["rules"].Deserialize<List<RuleResult>>(CoopJson.Options) ?? [];
                return (stage, run) => recorded.Where(r => r.Stage == stage && run.Exists(c => c.Runs(CheckOf(r.Rule, runner))));
            },
            runner,
            ct);
    }

    /// <summary>What one framework says of past answers that another says otherwise: both are run on what the records keep, so that nothing else counts.</summary>
    /// <param name="answers">As for <see cref="Run"/>.</param>
    public static ReplayReport Compare(IEnumerable<(string Id, JsonObject Record, bool QuestionKept)> answers, GuidanceRunner before, GuidanceRunner after, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return Walk(answers, _ => (_, run) => run.SelectMany(c => before.Run(c).Results), after, ct);
    }

    /// <summary>Runs what is kept of each answer, stage by stage, and compares.</summary>
    /// <param name="earlier">For a record: what was said of one stage, whose contexts it is given.</param>
    private static ReplayReport Walk(
        IEnumerable<(string Id, JsonObject Record, bool QuestionKept)> answers,
        Func<JsonObject, Func<Stage, List<RuleContext>, IEnumerable<RuleResult>>> earlier,
        GuidanceRunner runner,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var count = 0;
        List<string> inPart = [], notReplayed = [];
        List<ChangedVerdict> changes = [];
        foreach (var (id, record, questionKept) in answers)
        {
            ct.ThrowIfCancellationRequested();
            count++;
            var contexts = Contexts(record).Where(c => questionKept || c.Stage == Stage.Answer).ToList();
            if (contexts.Count == 0) notReplayed.Add(id);
            else if (!questionKept) inPart.Add(id);
            var said = earlier(record);
            foreach (var stage in contexts.GroupBy(c => c.Stage))
            {
                var run = stage.ToList();
                changes.AddRange(Compare(id, stage.Key, said(stage.Key, run), run.SelectMany(c => runner.Run(c).Results)));
            }
        }

        return new(runner.Framework.Version, count, inPart, notReplayed, changes);
    }

    private static string CheckOf(string id, GuidanceRunner runner) => runner.Framework.Rules.FirstOrDefault(r => r.Id == id)?.Check ?? "";

    private static IEnumerable<ChangedVerdict> Compare(string id, Stage stage, IEnumerable<RuleResult> recorded, IEnumerable<RuleResult> replayed)
    {
        var was = Gather(recorded);
        var now = Gather(replayed);
        foreach (var key in was.Keys.Union(now.Keys).OrderBy(k => k.Rule, StringComparer.Ordinal).ThenBy(k => k.Target, StringComparer.Ordinal))
        {
            var (before, after) = (was.GetValueOrDefault(key), now.GetValueOrDefault(key));
            // A rule that newly looks at something and finds nothing wrong there is no news.
            if ((before?.Status ?? RuleStatus.NotApplicable) == (after?.Status ?? RuleStatus.NotApplicable) && (before?.Actions ?? []).SequenceEqual(after?.Actions ?? []))
                continue;
            if (IsHarmless(before) && IsHarmless(after)) continue;
            yield return new(id, stage, key.Rule, key.Target, before?.Status, after?.Status, before?.Actions ?? [], after?.Actions ?? [], (after ?? before)!.Explanation);
        }
    }

    private static bool IsHarmless(Verdict? v) => v is null || (v.Status is RuleStatus.Pass or RuleStatus.NotApplicable && v.Actions.Count == 0);

    // Several findings of one rule on one target are one verdict: the gravest.
    private static Dictionary<(string Rule, string Target), Verdict> Gather(IEnumerable<RuleResult> results) => results
        .GroupBy(r => (r.Rule, Target: r.Target.Id.Length == 0 ? r.Target.Kind : $"{r.Target.Kind}:{r.Target.Id}"))
        .ToDictionary(g => g.Key, g =>
        {
            var gravest = g.MaxBy(r => Gravity(r.Status))!;
            return new Verdict(gravest.Status, [.. g.Select(r => r.Action).Where(a => a != RuleAction.None).Distinct().OrderBy(a => a.ToString(), StringComparer.Ordinal)], gravest.Explanation);
        });

    private static int Gravity(RuleStatus status) => status switch
    {
        RuleStatus.Fail => 3,
        RuleStatus.CouldNotCheck => 2,
        RuleStatus.Pass => 1,
        _ => 0,
    };

    private static IEnumerable<RuleContext> Contexts(JsonObject record)
    {
        foreach (var stage in (record[Member] as JsonArray ?? []).OfType<JsonObject>())
        {
            var json = (JsonObject)stage.DeepClone();
            // What was erased is null by now; a text may not be.
            foreach (var erased in json.Where(m => m.Value is null).Select(m => m.Key).ToList()) json.Remove(erased);
            if (json["retrieval"]?["wordsNotFound"] is JsonArray words)
                json["retrieval"]!["wordsNotFound"] = new JsonArray([.. words.Where(w => w is not null).Select(w => w!.DeepClone())]);
            if (json.Deserialize<RuleContext>(CoopJson.Options) is { } context) yield return context;
        }
    }

    private sealed record Verdict(RuleStatus Status, IReadOnlyList<RuleAction> Actions, string Explanation);
}
