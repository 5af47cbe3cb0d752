using System.Diagnostics.Metrics;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Monitoring;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Monitoring;

public sealed class CoopMetricsTests
{
    private static Answer Answer(Outcome outcome) => new()
    {
        Id = "a",
        At = DateTimeOffset.UnixEpoch,
        Question = "A question that must never become a tag",
        Outcome = outcome,
        Summary = "",
        Notice = new Notice("", "", "", DateTimeOffset.UnixEpoch, "", "", ""),
        Composer = "extractive",
        Milliseconds = 1500,
        Sentences = [new("One.", SentenceKind.Answer, [], []), AnswerSentence.Service("Fixed line.")],
        Withheld = [new("Two.", [], ["VG02", "VG01"], [])],
        Rules = [new("VG02", "v", Stage.Answer, new("sentence", "0"), RuleStatus.Fail, "", []), new("VG06", "v", Stage.Question, new("question"), RuleStatus.CouldNotCheck, "", [])],
    };

    private static List<(string Name, double Value, string Tags)> Listen(Action<CoopMetrics> act)
    {
        var seen = new List<(string, double, string)>();
        using var metrics = new CoopMetrics();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == CoopMetrics.MeterName) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Add(i, v, tags));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Add(i, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Add(i, v, tags));
        listener.Start();
        act(metrics);
        return seen;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            seen.Add((instrument.Name, value, string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
    }

    [Fact]
    public void An_answer_is_counted_by_outcome_rule_and_time()
    {
        var seen = Listen(m => m.Record(Answer(Outcome.PartlyAnswered)));

        Assert.Equal(
        [
            ("coopai.answers", 1, "outcome=partly-answered,composer=extractive"),
            ("coopai.answer.duration", 1.5, "outcome=partly-answered"),
            ("coopai.answer.sentences", 1, "outcome=partly-answered"),
            ("coopai.sentences.withheld", 1, "rule=VG02"),
            ("coopai.rule.results", 1, "rule=VG02,stage=answer,status=fail"),
            ("coopai.rule.results", 1, "rule=VG06,stage=question,status=could-not-check"),
        ], seen);
    }

    [Fact]
    public void Searches_and_marks_are_counted()
    {
        var seen = Listen(m =>
        {
            m.RecordSearch(TimeSpan.FromMilliseconds(250), found: false);
            m.RecordFeedback("disagree", "VG05");
            m.RecordFeedback("agree", null);
        });

        Assert.Equal(
        [
            ("coopai.searches", 1, "found=False"), ("coopai.search.duration", 0.25, ""),
            ("coopai.feedback", 1, "verdict=disagree,rule=VG05"), ("coopai.feedback", 1, "verdict=agree,rule=answer"),
        ], seen);
    }

    [Fact]
    public void No_tag_carries_the_question()
    {
        Assert.DoesNotContain(Listen(m => m.Record(Answer(Outcome.Answered))), s => s.Tags.Contains("question that", StringComparison.Ordinal));
    }
}
