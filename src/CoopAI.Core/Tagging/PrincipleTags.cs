namespace CoopAI.Core.Tagging;

/// <summary>Three kinds of tags that are never shown as one another.</summary>
/// <param name="Published">Printed on the page; null: not known.</param>
/// <param name="Suggested">By the tagger, above its threshold.</param>
/// <param name="Decided">By staff.</param>
public sealed record PrincipleTags(IReadOnlyList<string>? Published, IReadOnlyList<string> Suggested, IReadOnlyList<string> Decided)
{
    /// <summary>Staff decided against these, whatever is published or suggested. For pages; not part of what an answer keeps.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<string> Rejected { get; init; } = [];

    /// <summary>The kinds that hold a tag, with their names, for lists of text.</summary>
    public IEnumerable<(string Kind, IReadOnlyList<string> Ids)> Kinds() =>
        new[] { ("published", Published ?? []), ("suggested", Suggested), ("decided", Decided) }.Where(k => k.Item2.Count > 0);
}
