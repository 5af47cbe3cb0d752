namespace CoopAI.Web.Transparency;

/// <summary>A record with the fields of the Algorithmic Transparency Recording Standard, for people and for programs.</summary>
/// <param name="Standard">Name of the standard.</param>
/// <param name="StandardVersion">The template that the fields follow.</param>
/// <param name="Models">What the running configuration uses.</param>
/// <param name="Evaluation">Figures of the last accepted evaluation of the shipped settings; empty when it does not ship.</param>
public sealed record TransparencyRecord(
    string Standard, string StandardVersion, string Id, string Phase, DateOnly Completed, DateOnly Updated, DateOnly? Archived,
    string GuidanceVersion, IReadOnlyList<TransparencyModel> Models, IReadOnlyList<TransparencySection> Sections, IReadOnlyList<TransparencyFigure> Evaluation);

/// <param name="Purpose">What the model is for.</param>
/// <param name="Name">The model's id; "none": no model.</param>
public sealed record TransparencyModel(string Purpose, string Name, string Provider, string Version);

/// <param name="Id">Used as the anchor on the page.</param>
public sealed record TransparencySection(string Id, string Title, IReadOnlyList<TransparencyField> Fields);

/// <param name="Number">The standard's number; null: it has none.</param>
public sealed record TransparencyField(string Id, string? Number, string Name, string Value);

/// <param name="Mean">Plain mean over the items, in [0, 1].</param>
/// <param name="Items">Questions, sentences or cases measured.</param>
public sealed record TransparencyFigure(string Suite, string Metric, double Mean, int Items);
