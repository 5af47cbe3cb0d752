using System.Diagnostics.Metrics;
using System.Text.Json;
using CoopAI.Core.Briefs;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Monitoring;

/// <summary>What the running service counts about itself, so that live behaviour can be held against the evaluation.</summary>
/// <remarks>
/// Meter <see cref="MeterName"/>. No instrument carries a question, a council or a person: tags are outcomes, rules, stages and
/// statuses. Thread-safe. Instruments: <c>coopai.answers</c>, <c>coopai.answer.duration</c> (seconds), <c>coopai.answer.sentences</c>,
/// <c>coopai.sentences.withheld</c>, <c>coopai.rule.results</c>, <c>coopai.search.duration</c> (seconds), <c>coopai.searches</c>, <c>coopai.feedback</c>.
/// </remarks>
public sealed class CoopMetrics : IDisposable
{
    public const string MeterName = "CoopAI";

    private readonly Meter _meter;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _withheld;
    private readonly Counter<long> _rules;
    private readonly Counter<long> _searches;
    private readonly Counter<long> _feedback;
    private readonly Histogram<double> _answerDuration;
    private readonly Histogram<double> _searchDuration;
    private readonly Histogram<int> _sentences;

    /// <param name="factory">The host's, or null for a meter of its own.</param>
    public CoopMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(new MeterOptions(MeterName)) ?? new Meter(MeterName);
        _answers = _meter.CreateCounter<long>("coopai.answers", "{answer}", "Answers by outcome and composer.");
        _answerDuration = _meter.CreateHistogram<double>("coopai.answer.duration", "s", "From question to finished answer, before it is recorded.");
        _sentences = _meter.CreateHistogram<int>("coopai.answer.sentences", "{sentence}", "Sentences shown, without the service's own.");
        _withheld = _meter.CreateCounter<long>("coopai.sentences.withheld", "{sentence}", "Sentences kept back, by the rule that did.");
        _rules = _meter.CreateCounter<long>("coopai.rule.results", "{result}", "Verdicts by rule, stage and status.");
        _searches = _meter.CreateCounter<long>("coopai.searches", "{search}", "Searches, by whether anything was found.");
        _searchDuration = _meter.CreateHistogram<double>("coopai.search.duration", "s", "Time of one search.");
        _feedback = _meter.CreateCounter<long>("coopai.feedback", "{mark}", "Marks of members on answers and rule results: agree, disagree or unsure.");
    }

    /// <summary>Counts a finished answer with all its rule results and withheld sentences.</summary>
    public void Record(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var outcome = new KeyValuePair<string, object?>("outcome", Kebab(answer.Outcome));
        _answers.Add(1, outcome, new("composer", answer.Composer));
        _answerDuration.Record(answer.Milliseconds / 1000, outcome);
        _sentences.Record(answer.Sentences.Count(s => s.Kind == SentenceKind.Answer), outcome);
        foreach (var sentence in answer.Withheld)
        {
            // A sentence that two rules withhold is two reasons; the count of sentences is that of the first.
            _withheld.Add(1, new KeyValuePair<string, object?>("rule", sentence.By.Count > 0 ? sentence.By[0] : "none"));
        }

        foreach (var result in answer.Rules)
            _rules.Add(1, new("rule", result.Rule), new("stage", Kebab(result.Stage)), new("status", Kebab(result.Status)));
    }

    /// <summary>Counts a search, on its own or within an answer.</summary>
    public void RecordSearch(TimeSpan duration, bool found)
    {
        _searches.Add(1, new KeyValuePair<string, object?>("found", found));
        _searchDuration.Record(duration.TotalSeconds);
    }

    /// <summary>Counts a member's mark.</summary>
    /// <param name="verdict">agree, disagree or unsure.</param>
    /// <param name="rule">The rule that was marked, or null: the whole answer.</param>
    public void RecordFeedback(string verdict, string? rule) =>
        _feedback.Add(1, new("verdict", verdict), new("rule", rule ?? "answer"));

    public void Dispose() => _meter.Dispose();

    private static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
