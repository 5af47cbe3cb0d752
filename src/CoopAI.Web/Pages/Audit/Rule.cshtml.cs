using System.Globalization;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/guidance/{rule}</c>: what one rule is for, where it comes from, how it is checked and what it cannot see.</summary>
public sealed class RuleModel(GuidanceFramework guidance, SettingsBook settings, SuggestionBook suggestions, RuleExamples examples) : PageModel
{
    public RuleDefinition Rule { get; private set; } = null!;

    public IReadOnlyList<RuleExample> Examples { get; private set; } = [];

    /// <summary>The lists of words that the rule looks for.</summary>
    public IReadOnlyList<RuleListPart> Lists { get; private set; } = [];

    /// <summary>Changes of it that somebody suggested, newest first.</summary>
    public IReadOnlyList<Suggestion> Suggestions { get; private set; } = [];

    public IReadOnlyList<SettingChange> History { get; private set; } = [];

    public IActionResult OnGet(string rule)
    {
        if (guidance.Rules.FirstOrDefault(r => string.Equals(r.Id, rule, StringComparison.OrdinalIgnoreCase)) is not { } found) return NotFound();
        Rule = found;
        Examples = examples.Of(found.Id);
        Lists = RuleListPart.Of(guidance, found);
        Suggestions = suggestions.All(found.Id);
        History = settings.History("guidance");
        return Page();
    }

    /// <summary>What kind of example it is, as its heading has it.</summary>
    public static string KindOf(RuleExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        return example.Kind switch { "pass" => "One that passes", "fail" => "One that fails", _ => $"A close one, which {(example.Case.Expect == "pass" ? "passes" : "fails")}" };
    }

    /// <summary>What the rule is given beside the text: name and value.</summary>
    public static IEnumerable<(string Name, string Value)> GivenOf(RuleCase example)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.Question is { } question) yield return ("Question", question);
        foreach (var passage in example.Passages ?? [])
            yield return ($"Passage {passage.Id}", $"{passage.Text} ({string.Join(", ", new[] { passage.LeadMember, passage.Year?.ToString(CultureInfo.InvariantCulture) ?? "undated" }.OfType<string>())})");
        if (example.AsOf is { } day) yield return ("Day", day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture));
        if (example.AskerCouncil is { } council) yield return ("The asker’s council", council);
        foreach (var window in example.Windows ?? [])
            yield return ("Pre-election period", string.Create(CultureInfo.InvariantCulture, $"{window.Council}, {window.From:d MMMM yyyy} to {window.To:d MMMM yyyy}"));
        foreach (var tag in example.Tags ?? []) yield return ("Tag", $"{tag.Id}, {tag.Basis ?? "without a basis"}{(tag.Source is null ? "" : $", from {tag.Source}")}{(tag.Evidence is null ? "" : $": “{tag.Evidence}”")}");
        if (example.Record is { } record)
        {
            yield return ("Fields of the record", string.Join(", ", record.Fields.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => f.Key)));
            yield return ("Rules on the record", string.Join(", ", record.Rules));
            foreach (var source in record.Sources) yield return ($"Source {source.Id}", source.Sha256 == source.StoredSha256 ? "as stored" : "differs from what is stored");
        }
    }

    /// <summary>A setting's value in words; a list is joined.</summary>
    public static string Show(object value) => value switch
    {
        string text => text,
        bool on => on ? "yes" : "no",
        System.Collections.IEnumerable list => string.Join(", ", list.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>A name of the framework's file as people read it: a stage in the words of the other pages, any other without its joints.</summary>
    public static string Words(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Enum.TryParse<Stage>(name, ignoreCase: true, out var stage) ? AuditWords.Of(stage) : name.Replace('_', ' ').Replace('-', ' ');
    }

    /// <summary>A sentence of the framework's file without the words that only its makers use.</summary>
    public static string Plain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace("composer", "writer of answers", StringComparison.Ordinal).Replace("the hash of", "the fingerprint of", StringComparison.Ordinal).Replace("[CS1]", "[1]", StringComparison.Ordinal);
    }

    /// <summary>Whose words an origin is in: the Network's own, or the values of the International Co-operative Alliance.</summary>
    public static string BodyOf(string origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return origin.StartsWith("ICA", StringComparison.Ordinal) ? "International Co-operative Alliance" : "Co-operative Councils’ Innovation Network";
    }

    public static bool IsWeb(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
