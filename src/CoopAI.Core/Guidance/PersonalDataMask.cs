using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance.Rules.Protection;
using CoopAI.Core.Language;

namespace CoopAI.Core.Guidance;

/// <summary>Takes personal data out of a text before it is stored, by the same finds as VG06: "[telephone number removed]" stands where it stood.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class PersonalDataMask
{
    // The finder's views cost several times their text.
    private const int Stretch = 20_000;

    private readonly PersonalDataFinder _finder;

    /// <param name="list">The content of <c>prompts/guidance/personal_data.txt</c>.</param>
    /// <exception cref="BadInputException">Names the line that is wrong.</exception>
    public PersonalDataMask(string list) => _finder = new PersonalDataFinder(
        ListFile.Parse("personal_data.txt", list).Only("role-words", "organisation-cues", "person-cues", "reference-cues", "things-that-are-born"), allowRoleMailbox: true, allowOrganisations: true);

    /// <summary>The text without personal data, and what was taken out: kinds with their number, such as "2 phone numbers", never the data.</summary>
    public (string Text, IReadOnlyList<string> Found) Apply(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder(text.Length);
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var start = 0; start < text.Length;)
        {
            var end = Cut(text, start);
            var piece = text[start..end];
            var at = 0;
            foreach (var hit in _finder.Find(TextView.Level(piece)))
            {
                var name = PersonalDataChecker.NameOf(hit.Kind);
                kinds[name] = kinds.GetValueOrDefault(name) + 1;
                result.Append(piece, at, hit.Span.Start - at).Append('[').Append(name).Append(" removed]");
                at = hit.Span.End;
            }

            result.Append(piece, at, piece.Length - at);
            start = end;
        }

        return (kinds.Count == 0 ? text : result.ToString(), [.. kinds.Select(k => k.Value == 1 ? $"1 {k.Key}" : string.Create(CultureInfo.InvariantCulture, $"{k.Value} × {k.Key}"))]);
    }

    /// <summary>The case study with every text of it masked, unknown fields too; the slug and the address, which are names, stay. What was taken out, with its field.</summary>
    public (CaseStudy CaseStudy, IReadOnlyList<string> Found) Apply(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        var notes = new List<string>();
        var masked = caseStudy with
        {
            Title = Of(caseStudy.Title, "the title"),
            Kind = OfOptional(caseStudy.Kind, "the kind"),
            LeadMember = OfOptional(caseStudy.LeadMember, "the lead member"),
            ParticipatingMembers = OfAll(caseStudy.ParticipatingMembers, "the participating members"),
            Status = OfOptional(caseStudy.Status, "the status"),
            Topics = OfAll(caseStudy.Topics, "the topics"),
            Text = Of(caseStudy.Text, "the text"),
            Extra = caseStudy.Extra?.ToDictionary(e => e.Key, e => OfJson(e.Value, $"the field \"{e.Key}\""), StringComparer.Ordinal),
        };
        return (notes.Count == 0 ? caseStudy : masked, notes);

        string Of(string text, string where)
        {
            var (kept, found) = Apply(text);
            if (found.Count > 0) notes.Add($"Personal data was taken out of {where}: {string.Join(", ", found)}.");
            return kept;
        }

        string? OfOptional(string? text, string where) => text is null ? null : Of(text, where);

        IReadOnlyList<string> OfAll(IReadOnlyList<string> texts, string where) => [.. texts.Select(t => Of(t, where))];

        JsonElement OfJson(JsonElement value, string where)
        {
            var text = value.GetRawText();
            var kept = JsonSerializer.Serialize(Strings(JsonNode.Parse(text), where));
            return kept == text ? value : JsonSerializer.Deserialize<JsonElement>(kept);
        }

        JsonNode? Strings(JsonNode? node, string where) => node switch
        {
            JsonObject o => new JsonObject(o.Select(m => KeyValuePair.Create(m.Key, Strings(m.Value, where)))),
            JsonArray a => new JsonArray([.. a.Select(i => Strings(i, where))]),
            JsonValue v when v.TryGetValue<string>(out var s) => Of(s, where),
            _ => node?.DeepClone(),
        };
    }

    // At the end of a paragraph where there is one, so that nothing is cut in two.
    private static int Cut(string text, int start)
    {
        if (text.Length - start <= Stretch) return text.Length;
        var line = text.LastIndexOf('\n', start + Stretch, Stretch);
        if (line > start) return line + 1;
        var space = text.LastIndexOf(' ', start + Stretch, Stretch);
        return space > start ? space + 1 : start + Stretch;
    }
}
