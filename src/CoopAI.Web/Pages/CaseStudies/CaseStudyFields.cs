using System.Globalization;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;

namespace CoopAI.Web.Pages.CaseStudies;

/// <summary>A case study as a form holds it: one text for each field, and where each was found.</summary>
public sealed class CaseStudyFields
{
    public string? Slug { get; set; }

    public string? Url { get; set; }

    public string? Title { get; set; }

    public string? LeadMember { get; set; }

    /// <summary>One a line.</summary>
    public string? ParticipatingMembers { get; set; }

    public string? Year { get; set; }

    public string? Status { get; set; }

    /// <summary>Parted by commas.</summary>
    public string? Topics { get; set; }

    public string? Kind { get; set; }

    /// <summary>yes: those ticked stand on the page; no: the page prints no list.</summary>
    public string? PrinciplesKnown { get; set; }

    public string[]? Principles { get; set; }

    /// <summary>One a line; for staff only.</summary>
    public string? Contacts { get; set; }

    public string? Text { get; set; }

    /// <summary>Where each field was found, by its name in JSON.</summary>
    public IReadOnlyDictionary<string, string> Origins { get; set; } = new Dictionary<string, string>();

    public static CaseStudyFields Of(CaseStudy c, IReadOnlyList<string> contacts, IReadOnlyDictionary<string, string>? origins = null)
    {
        ArgumentNullException.ThrowIfNull(c);
        return new()
        {
            Slug = c.Slug,
            Url = c.Url,
            Title = c.Title,
            LeadMember = c.LeadMember,
            ParticipatingMembers = string.Join('\n', c.ParticipatingMembers),
            Year = c.Year?.ToString(CultureInfo.InvariantCulture),
            Status = c.Status,
            Topics = string.Join(", ", c.Topics),
            Kind = c.Kind,
            PrinciplesKnown = c.Principles is null ? "no" : "yes",
            Principles = [.. c.Principles ?? []],
            Contacts = string.Join('\n', contacts),
            Text = c.Text,
            Origins = origins ?? new Dictionary<string, string>(),
        };
    }

    /// <summary>The case study that the form describes, with what is wrong with it.</summary>
    /// <param name="before">What the form was made from: fields that it does not show stay.</param>
    public (CaseStudy? CaseStudy, IReadOnlyList<FormError> Errors) Read(CaseStudy? before)
    {
        var errors = new List<FormError>();
        if (string.IsNullOrWhiteSpace(Title)) errors.Add(new("title", "Give the title."));
        else if (Title.Length > CaseStudyReader.MaxTitleLength) errors.Add(new("title", $"The title has {Title.Length} characters; at most {CaseStudyReader.MaxTitleLength} are allowed."));
        if (string.IsNullOrWhiteSpace(Text)) errors.Add(new("text", "Give the text."));
        int? year = null;
        if (!string.IsNullOrWhiteSpace(Year))
        {
            if (int.TryParse(Year.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var y) && y is >= 1800 and <= 2200) year = y;
            else errors.Add(new("year", "Write the year with four digits, such as 2021, or leave it empty."));
        }

        var url = string.IsNullOrWhiteSpace(Url) ? null : Url.Trim();
        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")) errors.Add(new("url", "Write the address of the page in full, such as https://www.example.gov.uk/page, or leave it empty."));
        var slug = before?.Slug ?? Slug?.Trim();
        if (string.IsNullOrEmpty(slug)) errors.Add(new("slug", "Give a short name, such as repair-shed."));
        if (errors.Count > 0) return (null, errors);
        var caseStudy = (before ?? new CaseStudy { Slug = slug!, Title = Title!, Text = Text! }) with
        {
            Title = Title!.Trim(),
            Url = url,
            LeadMember = Clean(LeadMember),
            ParticipatingMembers = Lines(ParticipatingMembers),
            Year = year,
            Status = Clean(Status),
            Kind = Clean(Kind),
            Topics = [.. (Topics ?? "").Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)],
            Principles = PrinciplesKnown == "yes" ? [.. PrincipleIds.All.Where(p => (Principles ?? []).Contains(p, StringComparer.Ordinal))] : null,
            Text = Text!.Replace("\r\n", "\n", StringComparison.Ordinal).Trim(),
        };
        return CaseStudyReader.Validate(caseStudy) is { } wrong ? (null, [new FormError(wrong.StartsWith("\"slug\"", StringComparison.Ordinal) ? "slug" : "text", wrong)]) : (caseStudy, []);
    }

    public IReadOnlyList<string> ContactList => Lines(Contacts);

    private static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string[] Lines(string? text) => [.. (text ?? "").Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
}
