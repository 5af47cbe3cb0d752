using System.Text.Json;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Core.Cards;

/// <summary>The four linear models behind a card: whether a sentence tells what happened or what is expected, whether a number is one of the work, whether a text is a stub.</summary>
/// <remarks>
/// Weights go by the name of their feature, so that a person can read them. <see cref="Prior"/> is what was believed before any labelled
/// case study was seen: set by hand, refined on invented texts; <see cref="Shipped"/> is the prior refined on the labels of <c>evals/cards</c>.
/// </remarks>
internal sealed record CardModel(LinearModel Happened, LinearModel Expected, LinearModel Figure, LinearModel Stub)
{
    /// <summary>Chances from which a sentence is shown. Chosen by cross-validation on the labels: F1 is flat from 0.30 to 0.45.</summary>
    public const double HappenedFrom = 0.35;
    public const double ExpectedFrom = 0.30;
    public const double FigureFrom = 0.45;
    public const double StubFrom = 0.5;

    private static readonly Lazy<(CardModel Prior, CardModel Shipped)> Files = new(LoadBoth);

    public static CardModel Prior => Files.Value.Prior;

    public static CardModel Shipped => Files.Value.Shipped;

    /// <summary>The hand-set start, before any text.</summary>
    public static CardModel Belief { get; } = new(
        new([.. OutcomeFeatures.Belief], OutcomeFeatures.BeliefBias), new([.. OutcomeFeatures.ExpectedBelief], OutcomeFeatures.ExpectedBeliefBias),
        new([.. FigureFeatures.Belief], FigureFeatures.BeliefBias), new([.. StubFeatures.Belief], StubFeatures.BeliefBias));

    public static double Chance(LinearModel model, float[] row) => 1 / (1 + Math.Exp(-model.Score(row)));

    /// <summary>The file's text: two models, weights by feature, four decimals.</summary>
    public static string Write(CardModel prior, CardModel shipped)
    {
        static SortedDictionary<string, object> Named(LinearModel m, IReadOnlyList<string> names) =>
            new(StringComparer.Ordinal) { ["bias"] = Round(m.Bias), ["weights"] = names.Select((n, i) => (n, Round(m.Weights[i]))).ToDictionary(p => p.n, p => p.Item2) };
        static double Round(float x) => Math.Round(x, 4);
        static object Of(CardModel m) => new
        {
            Happened = Named(m.Happened, OutcomeFeatures.Names),
            Expected = Named(m.Expected, OutcomeFeatures.Names),
            Figure = Named(m.Figure, FigureFeatures.Names),
            Stub = Named(m.Stub, StubFeatures.Names),
        };
        return JsonSerializer.Serialize(new { Prior = Of(prior), Shipped = Of(shipped) }, CoopJson.Indented) + "\n";
    }

    private static (CardModel Prior, CardModel Shipped) LoadBoth()
    {
        using var stream = typeof(CardModel).Assembly.GetManifestResourceStream("CoopAI.Core.Cards.card-weights.json")
            ?? throw new InvalidOperationException("card-weights.json is not in the assembly.");
        using var document = JsonDocument.Parse(stream);
        return (Load(document.RootElement.GetProperty("prior")), Load(document.RootElement.GetProperty("shipped")));
    }

    private static CardModel Load(JsonElement e) => new(
        Load(e.GetProperty("happened"), OutcomeFeatures.Names), Load(e.GetProperty("expected"), OutcomeFeatures.Names),
        Load(e.GetProperty("figure"), FigureFeatures.Names), Load(e.GetProperty("stub"), StubFeatures.Names));

    private static LinearModel Load(JsonElement e, IReadOnlyList<string> names) =>
        new([.. names.Select(n => e.GetProperty("weights").GetProperty(n).GetSingle())], e.GetProperty("bias").GetSingle());
}
