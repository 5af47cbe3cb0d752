using System.Globalization;
using System.Text;
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
