using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoopAI.Core.Cards;

/// <summary>Writes a card in its own shape; reads that, and the shape that answers recorded before November 2026 carry (one outcome, one cost, bare figures).</summary>
internal sealed class EvidenceCardConverter : JsonConverter<EvidenceCard>
{
    private sealed record Shape(
        bool Stub, IReadOnlyList<OutcomeStated>? Outcome, IReadOnlyList<CostStated>? Cost, IReadOnlyList<LessonStated>? Lesson,
        CardPeriod? Period, IReadOnlyList<CardFigure>? Figures, IReadOnlyList<string>? Partners);

    private sealed record OldShape(string? Year, string? Council, string? Outcome, string? Cost, IReadOnlyList<string>? Figures);

    public override EvidenceCard Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("council", out _))
        {
            var old = root.Deserialize<OldShape>(options)!;
            return EvidenceCard.Empty with
            {
                Outcome = old.Outcome is { } outcome ? [new OutcomeStated(outcome, OutcomeKind.Output)] : [],
                Cost = old.Cost is { } cost ? [new CostStated(cost, CostKind.Cost)] : [],
                Period = int.TryParse(old.Year, out var year) ? new CardPeriod(year, year, PeriodBasis.Field) : CardPeriod.Unknown,
                Figures = [.. (old.Figures ?? []).Select(f => new CardFigure(f, "", ""))],
            };
        }

        var shape = root.Deserialize<Shape>(options) ?? throw new JsonException("An evidence card is a JSON object.");
        return new EvidenceCard(
            shape.Stub, shape.Outcome ?? [], shape.Cost ?? [], shape.Lesson ?? [], shape.Period ?? CardPeriod.Unknown, shape.Figures ?? [], shape.Partners ?? []);
    }

    public override void Write(Utf8JsonWriter writer, EvidenceCard value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Shape(value.Stub, value.Outcome, value.Cost, value.Lesson, value.Period, value.Figures, value.Partners), options);
}
