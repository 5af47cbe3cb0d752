namespace CoopAI.Web.Pages;

/// <summary>One field of a form, as the partial view _Field shows it.</summary>
/// <param name="Id">Its id and name.</param>
public sealed record FormField(string Id, string Label)
{
    public string? Hint { get; init; }

    /// <summary>"text", "password", "email", "number" …; "textarea" for more lines.</summary>
    public string Type { get; init; } = "text";

    public string? Autocomplete { get; init; }

    public string? Value { get; init; }

    public string? Error { get; init; }

    /// <summary>Width in characters, as GOV.UK names it: 2, 3, 4, 5, 10, 20; null: as wide as the column.</summary>
    public int? Width { get; init; } = 20;

    /// <summary>Choices; null: a field to write in.</summary>
    public IReadOnlyList<(string Value, string Text, string? Hint)>? Choices { get; init; }

    internal string? DescribedBy => string.Join(' ', new[] { Hint is null ? null : Id + "-hint", Error is null ? null : Id + "-error" }.OfType<string>()) is { Length: > 0 } ids ? ids : null;
}
