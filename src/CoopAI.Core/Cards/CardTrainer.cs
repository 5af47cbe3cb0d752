using CoopAI.Core.Corpus;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Core.Cards;

/// <summary>What a reader found in one case study; the shape of <c>evals/cards</c>.</summary>
public sealed record CardLabels(
    string Slug, bool Stub, IReadOnlyList<OutcomeStated> Outcome, IReadOnlyList<CostStated> Cost, IReadOnlyList<LessonStated> Lesson,
    CardPeriod Period, IReadOnlyList<CardFigure> Figures, IReadOnlyList<string> Partners);

/// <summary>Refines the card's models on labelled case studies.</summary>
public static class CardTrainer
{
    // How firmly the fit is held to where it starts; from 3 to 30 the cross-validated F1 moves by less than 0.02.
    private const float OutcomePenalty = 30;
    private const float OtherPenalty = 5;

    /// <summary>Cards of each case study as read by models that never saw it: fold k holds every tenth, beginning with the k-th.</summary>
    /// <returns>One card for each pair, in order.</returns>
    public static IReadOnlyList<EvidenceCard> CrossValidate(IReadOnlyList<(CaseStudy CaseStudy, CardLabels Labels)> labelled, int folds = 10)
    {
        ArgumentNullException.ThrowIfNull(labelled);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var cards = new EvidenceCard[labelled.Count];
        for (var fold = 0; fold < folds; fold++)
        {
            var model = Train([.. labelled.Where((_, i) => i % folds != fold)], CardModel.Prior);
            for (var i = fold; i < labelled.Count; i += folds) cards[i] = EvidenceCards.Read(labelled[i].CaseStudy, model);
        }

        return cards;
    }

    internal static CardModel Train(IReadOnlyList<(CaseStudy CaseStudy, CardLabels Labels)> labelled, CardModel start)
    {
        var first = labelled.Select(l => (Reading: new CardReading(l.CaseStudy, start), l.Labels)).ToList();
        var kinds = first.Select(f => f.Reading.Sentences.Select(s => f.Labels.Outcome.FirstOrDefault(o => o.Quote == s)?.Kind).ToList()).ToList();
        var rows = first.SelectMany(f => f.Reading.Rows).ToList();
        var happened = Fit(rows, [.. kinds.SelectMany(k => k).Select(k => k is OutcomeKind.Result or OutcomeKind.Output)], OutcomePenalty, start.Happened);
        var expected = Fit(rows, [.. kinds.SelectMany(k => k).Select(k => k is OutcomeKind.Expected)], OtherPenalty, start.Expected);

        // Figures and stubs look at the chances of sentences: they learn from the refined ones.
        var second = labelled.Select(l => (Reading: new CardReading(l.CaseStudy, start with { Happened = happened, Expected = expected }), l.Labels)).ToList();
        var numbers = second.SelectMany(f => f.Reading.Numbers.Select(n => (n.Row, Truth: f.Labels.Figures.Any(g => g.Quote == f.Reading.Sentences[n.Sentence] && g.Value.Contains(n.Number.Number, StringComparison.OrdinalIgnoreCase))))).ToList();
        return new CardModel(
            happened, expected,
            Fit([.. numbers.Select(n => n.Row)], [.. numbers.Select(n => n.Truth)], OtherPenalty, start.Figure),
            Fit([.. second.Select(s => s.Reading.StubRow)], [.. second.Select(s => s.Labels.Stub)], OtherPenalty, start.Stub));
    }

    private static LinearModel Fit(IReadOnlyList<float[]> rows, IReadOnlyList<bool> truth, float penalty, LinearModel start) =>
        LogisticRegression.Fit(rows, truth, [.. rows.Select(_ => 1f)], penalty, 0.01f, start, 200);
}
