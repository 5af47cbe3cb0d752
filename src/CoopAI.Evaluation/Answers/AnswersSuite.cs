using System.Text.Json.Nodes;
using CoopAI.Core.Language;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Evaluation.Answers;

/// <summary>One answer as the suite needs it.</summary>
/// <param name="Outcome">As in <c>ask --json</c>: answered, partly-answered, may-help, not-found, out-of-scope, held or failed.</param>
/// <param name="Sentences">Sentences of the answer itself, without those of the service's own.</param>
/// <param name="Text">All that the reader sees as the answer, for length and expected facts.</param>
/// <param name="Precedents">Slugs shown, best first.</param>
/// <param name="Withheld">Sentences kept back.</param>
public sealed record EvaluatedAnswer(string Outcome, IReadOnlyList<CitedSentence> Sentences, string Text, IReadOnlyList<string> Precedents, int Withheld);

/// <summary>Answers one question.</summary>
public delegate Task<EvaluatedAnswer> Answerer(string question, CancellationToken ct);

/// <summary>A question with what is known about a good answer to it.</summary>
/// <param name="Answerable">Whether the corpus holds a precedent.</param>
/// <param name="Facts">What the answer should mention, or null: not written down.</param>
public sealed record AnswerCase(Question Question, bool Answerable, ExpectedFacts? Facts);

/// <summary>Whole answers: are the right questions answered, is each sentence supported by what it cites, is what matters in it.</summary>
public static class AnswersSuite
{
    public const string Name = "answers";

    /// <param name="supports">The judge of support; see <see cref="CitationMetrics"/> for what it can and cannot show.</param>
    public static SuiteReport Report(
        IReadOnlyList<AnswerCase> cases, IReadOnlyList<EvaluatedAnswer> answers, Func<string, IReadOnlyList<string>, bool> supports, IReadOnlyList<Timing> times)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(answers);
        Judged[] judged = [.. cases.Zip(answers, (c, a) => new Judged(c, a, CitationMetrics.Of(a.Sentences, supports)))];
        Judged[] answered = [.. judged.Where(j => j.Answered)];
        Judged[] withFacts = [.. judged.Where(j => j.Case.Facts is not null)];
        var outcomes = judged.GroupBy(j => j.Answer.Outcome, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        return new SuiteReport
        {
            Name = Name,
            Title = "Answers",
            Description = $"{judged.Length} questions asked of the whole service. Outcome accuracy: an answerable question should be answered at least in part, an unanswerable one should not. Citation recall: share of answer sentences that the passages they cite support together. Citation precision: share of citations that support their sentence alone or are needed for it (ALCE, arXiv 2305.14627). The judge of support is the service's own sentence verifier, which also decides what is withheld: these figures show that nothing unsupported slips through, not that a reader would agree. Expected facts are whole words looked for in all that the brief shows: its sentences, the precedents with their matching sentences and their cards.",
            Figures =
            [
                new("outcomeAccuracy", Share(judged, j => j.Right, "No question.")),
                new("outcomeAccuracy[answerable]", Share(judged.Where(j => j.Case.Answerable), j => j.Right, "No answerable question.")),
                new("outcomeAccuracy[unanswerable]", Share(judged.Where(j => !j.Case.Answerable), j => j.Right, "No unanswerable question.")),
                new("citationRecall", Pooled(answered, j => j.Citations.Supported, j => j.Citations.Sentences, "No answer with a sentence.")),
                new("citationPrecision", Pooled(answered, j => j.Citations.Useful, j => j.Citations.Citations, "No answer with a citation.")),
                new("factCoverage", Pooled(withFacts, j => j.Case.Facts!.MentionedIn(j.Answer.Text), j => j.Case.Facts!.Facts.Count, "No question with expected facts.")),
                new("factCoverage[quoted sentences only]", Pooled(withFacts, j => j.Case.Facts!.MentionedIn(string.Join(' ', j.Answer.Sentences.Select(s => s.Text))), j => j.Case.Facts!.Facts.Count, "No question with expected facts.")),
                new("sentencesPerAnswer", Bootstrap.Mean([.. answered.Select(j => (double)j.Answer.Sentences.Count)], "No question was answered.")),
                new("wordsPerAnswer", Bootstrap.Mean([.. answered.Select(j => (double)j.Answer.Sentences.Sum(s => Words.Split(s.Text).Count()))], "No question was answered.")),
                new("citationsPerSentence", Pooled(answered, j => j.Citations.Citations, j => j.Citations.Sentences, "No answer with a sentence.")),
                new("withheldPerAnswer", Bootstrap.Mean([.. answered.Select(j => (double)j.Answer.Withheld)], "No question was answered.")),
            ],
            Tables =
            [
                new ReportTable("Outcomes", ["Outcome", "Answerable questions", "Unanswerable questions"],
                    [.. outcomes.Select(g => (IReadOnlyList<string>)[g.Key, $"{g.Count(j => j.Case.Answerable)}", $"{g.Count(j => !j.Case.Answerable)}"])]),
                new ReportTable("Unanswerable questions that were answered", ["Question", "Text", "First precedent"],
                    [.. judged.Where(j => !j.Case.Answerable && j.Answered).Select(j => (IReadOnlyList<string>)[j.Case.Question.Id, j.Case.Question.Text, j.Answer.Precedents is [var first, ..] ? first : "–"])]),
            ],
            Plots =
            [
                new ReportPlot.Bars("Share of expected facts by question", "Each bar is one question with expected facts, best first.", "share mentioned",
                    [.. withFacts.Select(j => (j.Case.Question.Id, (double)j.Case.Facts!.MentionedIn(j.Answer.Text) / j.Case.Facts.Facts.Count)).OrderByDescending(f => f.Item2).ThenBy(f => f.Id, StringComparer.Ordinal)]),
            ],
            Items =
            [
                new ItemScores("outcomeAccuracy", [.. judged.Select(j => (j.Case.Question.Id, j.Right ? 1.0 : 0.0))]),
                new ItemScores("factCoverage", [.. withFacts.Select(j => (j.Case.Question.Id, (double)j.Case.Facts!.MentionedIn(j.Answer.Text) / j.Case.Facts.Facts.Count))]),
            ],
            Predictions = [.. judged.Select(Line)],
            Times = times,
        };
    }

    private static JsonObject Line(Judged judged) => new()
    {
        ["id"] = judged.Case.Question.Id,
        ["answerable"] = judged.Case.Answerable,
        ["outcome"] = judged.Answer.Outcome,
        ["sentences"] = new JsonArray([.. judged.Answer.Sentences.Select(s => (JsonNode?)s.Text)]),
        ["precedents"] = new JsonArray([.. judged.Answer.Precedents.Select(p => (JsonNode?)p)]),
        ["withheld"] = judged.Answer.Withheld,
    };

    private static Figure Share(IEnumerable<Judged> among, Func<Judged, bool> hit, string whenNone)
    {
        Judged[] cases = [.. among];
        return Figure.Share(cases.Count(hit), cases.Length, whenNone);
    }

    // Sentences of one answer hang together, so answers are drawn, not sentences.
    private static Figure Pooled(Judged[] among, Func<Judged, int> part, Func<Judged, int> whole, string whenNone)
    {
        var parts = among.Select(part).ToArray();
        var wholes = among.Select(whole).ToArray();
        return Bootstrap.Of(among.Length, times =>
        {
            int p = 0, w = 0;
            for (var i = 0; i < times.Length; i++) (p, w) = (p + times[i] * parts[i], w + times[i] * wholes[i]);
            return w == 0 ? null : (double)p / w;
        }, whenNone);
    }

    private sealed record Judged(AnswerCase Case, EvaluatedAnswer Answer, CitationCounts Citations)
    {
        public bool Answered => Answer.Outcome is "answered" or "partly-answered" or "may-help";

        public bool Right => Answered == Case.Answerable;
    }
}
