namespace CoopAI.Adapters.Reading;

/// <summary>What a reader may be told.</summary>
/// <param name="Columns">For sheets: the field of a column, by the column's name, such as <c>Council</c> → <c>leadMember</c>; an empty field leaves the column out. Columns not named are recognised by their names.</param>
public sealed record ReadingOptions(IReadOnlyDictionary<string, string>? Columns = null)
{
    /// <summary>The address that a document came from, when it was fetched.</summary>
    public string? Address { get; init; }

    /// <summary>What the sender says of a document's encoding and kind, such as <c>text/html; charset=iso-8859-1</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Told of each sheet how its columns are read: name of the column, field or null.</summary>
    public Action<string, IReadOnlyList<KeyValuePair<string, string?>>>? OnColumns { get; init; }
}
