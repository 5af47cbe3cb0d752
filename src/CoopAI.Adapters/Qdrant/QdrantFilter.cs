using System.Text.Json;
using CoopAI.Core.Retrieval;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Writes filters in Qdrant's terms.</summary>
internal static class QdrantFilter
{
    /// <summary>Case studies that pass <paramref name="filter"/>, without points that are not published yet.</summary>
    /// <param name="firstPassagesOnly">One point a case study, so that counting points counts case studies.</param>
    public static void Write(Utf8JsonWriter json, SearchFilter filter, bool firstPassagesOnly = false)
    {
        json.WriteStartObject();
        if (!filter.IsEmpty || firstPassagesOnly)
        {
            json.WriteStartArray("must");
            if (firstPassagesOnly) Match(json, QdrantPayload.Ordinal, 0);
            Any(json, QdrantPayload.MatchPrinciples, filter.Principles);
            Any(json, QdrantPayload.MatchCouncils, filter.Councils);
            if (filter.YearFrom is not null || filter.YearTo is not null)
            {
                json.WriteStartObject();
                json.WriteString("key", QdrantPayload.Year);
                json.WriteStartObject("range");
                if (filter.YearFrom is { } from) json.WriteNumber("gte", from);
                if (filter.YearTo is { } to) json.WriteNumber("lte", to);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            Any(json, QdrantPayload.MatchKind, filter.Kinds);
            Any(json, QdrantPayload.MatchTopics, filter.Topics);
            json.WriteEndArray();
        }

        MustNotBeStaged(json);
        json.WriteEndObject();
    }

    /// <summary>All points of these case studies, except those of these generations.</summary>
    public static void WriteOf(Utf8JsonWriter json, IEnumerable<string> slugs, IReadOnlyCollection<string>? exceptGenerations = null)
    {
        json.WriteStartObject();
        json.WriteStartArray("must");
        AnyVerbatim(json, QdrantPayload.Slug, slugs);
        json.WriteEndArray();
        if (exceptGenerations is { Count: > 0 })
        {
            json.WriteStartArray("must_not");
            AnyVerbatim(json, QdrantPayload.Generation, exceptGenerations);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The points of one generation of one case study, published or not.</summary>
    public static void WriteGeneration(Utf8JsonWriter json, string slug, string generation, bool publishedOnly = false)
    {
        json.WriteStartObject();
        json.WriteStartArray("must");
        AnyVerbatim(json, QdrantPayload.Slug, [slug]);
        AnyVerbatim(json, QdrantPayload.Generation, [generation]);
        json.WriteEndArray();
        if (publishedOnly) MustNotBeStaged(json);
        json.WriteEndObject();
    }

    private static void MustNotBeStaged(Utf8JsonWriter json)
    {
        json.WriteStartArray("must_not");
        json.WriteStartObject();
        json.WriteString("key", QdrantPayload.Staged);
        json.WriteStartObject("match");
        json.WriteBoolean("value", true);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Match(Utf8JsonWriter json, string key, int value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("match");
        json.WriteNumber("value", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Any(Utf8JsonWriter json, string key, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 }) AnyVerbatim(json, key, values.Select(QdrantPayload.Fold).Distinct(StringComparer.Ordinal));
    }

    private static void AnyVerbatim(Utf8JsonWriter json, string key, IEnumerable<string> values)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("match");
        json.WriteStartArray("any");
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
