using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Evaluation.Cards;

/// <summary>Evidence cards against a reader's labels: outcomes, costs, lessons, period, figures, partners, stubs.</summary>
public static class CardsSuite
{
    public const string Name = "cards";

    /// <summary>Reads labels, one JSON object a line, and joins them with their case studies.</summary>
    /// <exception cref="EvaluationInputException">A line is no labels, names a case study that is not there or one named before, or quotes what its text does not hold.</exception>
    public static IReadOnlyList<(CaseStudy CaseStudy, CardLabels Labels)> Read(string path, IReadOnlyDictionary<string, CaseStudy> corpus)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        var read = new List<(CaseStudy, CardLabels)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, element) in Files.JsonLines.Read(path))
        {
            var slug = Files.JsonLines.RequiredText(path, line, element, "slug");
            if (!corpus.TryGetValue(slug, out var caseStudy)) throw new EvaluationInputException(path, line, $"\"{slug}\" is no case study of the corpus.");
            if (!seen.Add(slug)) throw new EvaluationInputException(path, line, $"\"{slug}\" stands already on an earlier line.");
            CardLabels labels;
            try
            {
                labels = element.Deserialize<CardLabels>(CoopJson.Options)!;
            }
            catch (JsonException e)
            {
                throw new EvaluationInputException(path, line, $"these are not the labels of a card ({e.Message}); evals/cards/README.md gives their shape.", e);
            }

            if (labels is { Outcome: null } or { Cost: null } or { Lesson: null } or { Figures: null } or { Partners: null } or { Period: null })
                throw new EvaluationInputException(path, line, "outcome, cost, lesson, period, figures and partners are all needed; give an empty list where there is nothing.");
            var quotes = labels.Outcome.Select(o => o.Quote).Concat(labels.Cost.Select(c => c.Quote)).Concat(labels.Lesson.Select(l => l.Quote)).Concat(labels.Figures.Select(f => f.Quote));
            if (quotes.FirstOrDefault(q => !caseStudy.Text.Contains(q, StringComparison.Ordinal)) is { } wrong)
                throw new EvaluationInputException(path, line, $"\"{wrong}\" does not stand in the text of \"{slug}\".");
            read.Add((caseStudy, labels));
        }

        return read.Count > 0 ? read : throw new EvaluationInputException(path, 1, "there are no labels.");
    }

    /// <param name="cards">One for each pair, in order.</param>
    public static SuiteReport Report(IReadOnlyList<(CaseStudy CaseStudy, CardLabels Labels)> labelled, IReadOnlyList<EvidenceCard> cards, IReadOnlyList<Timing> times)
    {
        ArgumentNullException.ThrowIfNull(labelled);
        ArgumentNullException.ThrowIfNull(cards);
        Judged[] judged = [.. labelled.Zip(cards, (l, c) => new Judged(l.Labels, c))];
        return new SuiteReport
        {
            Name = Name,
            Title = "Evidence cards",
            Description = $"Cards of {judged.Length} case studies against one reader's labels, by cross-validation over case studies. F1 pools the sentences of all texts: outcome counts results and outputs together; a figure is right when its sentence is and its number is that of the label, or the one stands in the other. A period is right when both years and the basis are. Intervals: bootstrap over case studies.",
            Figures =
            [
                F1("outcomeF1", judged, j => j.Outcome), F1("outcomeF1[expected]", judged, j => j.Expected),
                new("outcomeKind", Bootstrap.Mean([.. judged.SelectMany(j => j.KindRight)], "No outcome was found.")),
                Share("periodRight", judged, j => j.PeriodRight), F1("figuresF1", judged, j => j.Figures), F1("figuresF1[as printed]", judged, j => j.FiguresAsPrinted), Share("stubRight", judged, j => j.StubRight),
                new("costWrong", new Figure.Measured(judged.Sum(j => j.Cost.Wrong), null, null, judged.Length)), new("costMissed", new Figure.Measured(judged.Sum(j => j.Cost.Missed), null, null, judged.Length)),
                F1("costF1", judged, j => j.Cost), F1("lessonF1", judged, j => j.Lesson), F1("partnersF1", judged, j => j.Partners),
            ],
            Tables = [new ReportTable("Differences", ["Case study", "What", "Card", "Label"], [.. judged.SelectMany(j => j.Differences()).Take(400)])],
            Plots = [],
            Items = [new ItemScores("outcome", [.. judged.Select(j => (j.Labels.Slug, j.Outcome.F1))])],
            Predictions = [.. judged.Select(j => (JsonObject)JsonSerializer.SerializeToNode(new { j.Labels.Slug, j.Card }, CoopJson.Options)!)],
            Times = times,
        };
    }

    private static NamedFigure F1(string name, Judged[] judged, Func<Judged, Counts> of)
    {
        Counts[] counts = [.. judged.Select(of)];
        return new(name, Bootstrap.Of(judged.Length, times =>
        {
            var (right, others) = (0, 0);
            for (var i = 0; i < times.Length; i++) (right, others) = (right + (times[i] * counts[i].Right), others + (times[i] * (counts[i].Wrong + counts[i].Missed)));
            return right + others == 0 ? null : 2.0 * right / ((2 * right) + others);
        }, "Neither labels nor cards hold any."));
    }

    private static NamedFigure Share(string name, Judged[] judged, Func<Judged, bool> right) => new(name, Figure.Share(judged.Count(right), judged.Length, "No case study."));

    private readonly record struct Counts(int Right, int Wrong, int Missed)
    {
        public double F1 => Right + Wrong + Missed == 0 ? 1 : 2.0 * Right / ((2 * Right) + Wrong + Missed);

        /// <summary>Each label is met by one of the found at most.</summary>
        public static Counts Of<T>(IEnumerable<T> found, IEnumerable<T> labels, Func<T, T, bool> same)
        {
            var left = labels.ToList();
            var (right, wrong) = (0, 0);
            foreach (var item in found)
            {
                var at = left.FindIndex(l => same(item, l));
                if (at < 0) wrong++;
                else
                {
                    right++;
                    left.RemoveAt(at);
                }
            }

            return new(right, wrong, left.Count);
        }
    }

    private sealed record Judged(CardLabels Labels, EvidenceCard Card)
    {
        public Counts Outcome => Counts.Of(Card.Happened.Select(o => o.Quote), Labels.Outcome.Where(o => o.Kind != OutcomeKind.Expected).Select(o => o.Quote), string.Equals);

        public Counts Expected => Counts.Of(Card.Outcome.Except(Card.Happened).Select(o => o.Quote), Labels.Outcome.Where(o => o.Kind == OutcomeKind.Expected).Select(o => o.Quote), string.Equals);

        public IEnumerable<double> KindRight =>
            Card.Happened.Select(o => (o, Label: Labels.Outcome.FirstOrDefault(l => l.Quote == o.Quote && l.Kind != OutcomeKind.Expected))).Where(p => p.Label is not null).Select(p => p.o.Kind == p.Label!.Kind ? 1.0 : 0);

        public Counts Cost => Counts.Of(Card.Cost.Select(c => c.Quote), Labels.Cost.Select(c => c.Quote), string.Equals);

        public Counts Lesson => Counts.Of(Card.Lesson.Select(c => c.Quote), Labels.Lesson.Select(c => c.Quote), string.Equals);

        public Counts Figures => Counts.Of(Card.Figures, Labels.Figures, (a, b) => a.Quote == b.Quote && Within(a.Value, b.Value));

        public Counts FiguresAsPrinted => Counts.Of(Card.Figures, Labels.Figures, (a, b) => a.Quote == b.Quote && a.Value.Equals(b.Value, StringComparison.OrdinalIgnoreCase));

        public Counts Partners => Counts.Of(Card.Partners, Labels.Partners, Within);

        public bool PeriodRight => (Card.Period.From, Card.Period.To, Card.Period.Basis) == (Labels.Period.From, Labels.Period.To, Labels.Period.Basis);

        public bool StubRight => Card.Stub == Labels.Stub;

        public IEnumerable<IReadOnlyList<string>> Differences()
        {
            foreach (var row in Between("outcome", Card.Happened.Select(o => o.Quote), Labels.Outcome.Where(o => o.Kind != OutcomeKind.Expected).Select(o => o.Quote), string.Equals)) yield return row;
            foreach (var row in Between("cost", Card.Cost.Select(o => o.Quote), Labels.Cost.Select(o => o.Quote), string.Equals)) yield return row;
            foreach (var row in Between("lesson", Card.Lesson.Select(o => o.Quote), Labels.Lesson.Select(o => o.Quote), string.Equals)) yield return row;
            foreach (var row in Between("figure", Card.Figures.Select(f => f.Value), Labels.Figures.Select(f => f.Value), Within)) yield return row;
            foreach (var row in Between("partner", Card.Partners, Labels.Partners, Within)) yield return row;
            if (!PeriodRight) yield return [Labels.Slug, "period", Card.Period.ToString(), Labels.Period.ToString()];
            if (!StubRight) yield return [Labels.Slug, "stub", Card.Stub ? "stub" : "–", Labels.Stub ? "stub" : "–"];
        }

        private IEnumerable<IReadOnlyList<string>> Between(string what, IEnumerable<string> found, IEnumerable<string> labels, Func<string, string, bool> same) =>
            found.Where(f => !labels.Any(l => same(f, l))).Select(f => (IReadOnlyList<string>)[Labels.Slug, what, f, "–"])
                .Concat(labels.Where(l => !found.Any(f => same(f, l))).Select(l => (IReadOnlyList<string>)[Labels.Slug, what, "–", l]));

        private static bool Within(string a, string b) => a.Contains(b, StringComparison.OrdinalIgnoreCase) || b.Contains(a, StringComparison.OrdinalIgnoreCase);
    }
}
