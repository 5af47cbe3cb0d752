using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;

namespace CoopAI.Core.Cards;

/// <summary>Reads from a case study what it states and what it leaves out.</summary>
/// <remarks>
/// What a sentence tells is decided by four small linear models over named features (<see cref="CardModel"/>); periods, sums, lessons
/// and partners are read by rules. Deterministic, linear in the text.
/// </remarks>
public static class EvidenceCards
{
    /// <summary>Texts whose cards are kept by content, whichever object they came in.</summary>
    private const int MostKept = 4096;

    private static readonly ConditionalWeakTable<CaseStudy, EvidenceCard> OfObject = [];
    private static readonly ConcurrentDictionary<string, EvidenceCard> OfContent = new(StringComparer.Ordinal);

    /// <summary>The card of one case study.</summary>
    public static EvidenceCard Of(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        return OfObject.GetValue(caseStudy, static c =>
        {
            var key = Key(c);
            if (OfContent.TryGetValue(key, out var known)) return known;
            var card = Read(c, CardModel.Shipped);
            if (OfContent.Count < MostKept) OfContent.TryAdd(key, card);
            return card;
        });
    }

    /// <summary>How clearly a sentence states what came of the work: 0 not at all, 1 a delivery or a change, 2 one with a figure.</summary>
    public static int OutcomeStrength(string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        // Alone a sentence has no place in a text: it is read as one in the middle.
        var happened = CardModel.Chance(CardModel.Shipped.Happened, OutcomeFeatures.Of(["", sentence, ""])[1]);
        return happened < CardModel.HappenedFrom ? 0 : FigureReader.Find(sentence).Count > 0 ? 2 : 1;
    }

    internal static EvidenceCard Read(CaseStudy caseStudy, CardModel model) => new CardReading(caseStudy, model).Card;

    private static string Key(CaseStudy c)
    {
        var parts = new[] { c.Title, c.Text, c.LeadMember ?? "", FormattableString.Invariant($"{c.Year}"), string.Join('\u001F', c.ParticipatingMembers) };
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001E', parts))));
    }
}

/// <summary>One text under the card's models: each sentence with its features and chances.</summary>
internal sealed class CardReading
{
    private readonly IReadOnlyList<float[]> _rows;

    public CardReading(CaseStudy caseStudy, CardModel model)
    {
        Sentences = [.. Language.Sentences.Split(caseStudy.Text).Select(s => s.In(caseStudy.Text))];
        _rows = OutcomeFeatures.Of(Sentences);
        Happened = [.. _rows.Select(r => CardModel.Chance(model.Happened, r))];
        Expected = [.. _rows.Select(r => CardModel.Chance(model.Expected, r))];
        var costs = Sentences.Select(CostReader.Read).ToList();
        Numbers = [.. Sentences.SelectMany((s, i) => FigureFeatures.Of(s, i, Happened[i], Expected[i], costs[i] is not null).Select(n => (Sentence: i, n.Number, n.Row)))];
        Period = PeriodReader.Read(Sentences, caseStudy.Title, caseStudy.Year);
        var lessons = Sentences.Select(LessonReader.Read).OfType<LessonStated>().ToList();
        StubRow = StubFeatures.Of(Sentences, Happened, Expected, Period, lessons.Count);
        Card = new EvidenceCard(
            CardModel.Chance(model.Stub, StubRow) >= CardModel.StubFrom,
            [.. Sentences.Select((s, i) => KindOf(i) is { } kind ? new OutcomeStated(s, kind) : null).OfType<OutcomeStated>()],
            [.. costs.OfType<CostStated>()],
            lessons,
            Period,
            [.. Numbers.Where(n => CardModel.Chance(model.Figure, n.Row) >= CardModel.FigureFrom).Select(n => new CardFigure(n.Number.Value, n.Number.Of, Sentences[n.Sentence]))],
            PartnerReader.Read(caseStudy));
    }

    public IReadOnlyList<string> Sentences { get; }

    /// <summary>Outcome features of each sentence.</summary>
    public IReadOnlyList<float[]> Rows => _rows;

    public IReadOnlyList<double> Happened { get; }

    public IReadOnlyList<double> Expected { get; }

    public IReadOnlyList<(int Sentence, PrintedNumber Number, float[] Row)> Numbers { get; }

    public CardPeriod Period { get; }

    public float[] StubRow { get; }

    public EvidenceCard Card { get; }

    private OutcomeKind? KindOf(int i) =>
        OutcomeFeatures.IsBackground(Sentences[i], _rows[i]) ? null
        : Happened[i] >= CardModel.HappenedFrom ? (OutcomeFeatures.IsResult(Sentences[i], _rows[i]) ? OutcomeKind.Result : OutcomeKind.Output)
        : Expected[i] >= CardModel.ExpectedFrom ? OutcomeKind.Expected : null;
}

/// <summary>What the stub model looks at: whether anything but the existence of something is told.</summary>
internal static class StubFeatures
{
    private static readonly CueList About = new("a case study, case study from, case study on, case study about, case study linked, a paper, a profile, the page, its page, the title, first words, page opens, page presents, a policy lab of, policy lab on, policy lab led");

    public static readonly IReadOnlyList<string> Names = ["highest happened", "sum of happened", "highest expected", "period known", "under 30 words", "under 60 words", "over 90 words", "about the page first", "lessons", "two sentences or fewer"];

    public static readonly float[] Belief = [-3f, -0.6f, -1f, -0.2f, 1.6f, 0.8f, -0.5f, 1f, -0.5f, 0.6f];

    public const float BeliefBias = 0.6f;

    public static float[] Of(IReadOnlyList<string> sentences, IReadOnlyList<double> happened, IReadOnlyList<double> expected, CardPeriod period, int lessons)
    {
        var words = sentences.Sum(s => Words.Split(s).Count());
        return
        [
            (float)happened.DefaultIfEmpty().Max(), (float)happened.Sum(), (float)expected.DefaultIfEmpty().Max(), period.Basis == PeriodBasis.Text ? 1 : 0, words < 30 ? 1 : 0, words < 60 ? 1 : 0, words > 90 ? 1 : 0,
            sentences.Count > 0 && new SentenceSignals(sentences[0]).Has(About) ? 1 : 0, lessons > 0 ? 1 : 0, sentences.Count <= 2 ? 1 : 0,
        ];
    }
}
