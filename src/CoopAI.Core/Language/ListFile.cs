using CoopAI.Core.Language;

namespace CoopAI.Core.Language;

/// <summary>A list of the framework: sections of lines. "#" begins a comment line, "[name]" a section, "@class = a|b" a class for the patterns below it.</summary>
internal sealed class ListFile
{
    private readonly Dictionary<string, List<(int Line, string Text)>> sections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> classes = new(StringComparer.Ordinal);

    private ListFile(string name) => Name = name;

    public string Name { get; }

    /// <summary>Section names in the file's order; lines before the first header are in section "".</summary>
    public IReadOnlyCollection<string> Sections => sections.Keys;

    /// <exception cref="BadInputException">Names the file and the line.</exception>
    public static ListFile Parse(string name, string content)
    {
        var list = new ListFile(name);
        var section = "";
        var number = 0;
        foreach (var raw in content.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.Length > 4000) throw Bad(name, number, "the line is longer than 4,000 characters");
            if (line[0] == '[' && line[^1] == ']' && !line.Contains(' ', StringComparison.Ordinal))
            {
                section = line[1..^1];
                if (section.Length == 0 || !list.sections.TryAdd(section, [])) throw Bad(name, number, $"section [{section}] is empty or comes twice");
                continue;
            }

            if (line[0] == '@' && line.Split('=', 2) is [var head, var members] && !head.TrimEnd().Contains(' ', StringComparison.Ordinal))
            {
                var value = string.Join('_', members.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries));
                if (value.Length == 0) throw Bad(name, number, $"class {head.Trim()} has no members");
                if (!list.classes.TryAdd(head.Trim()[1..], value)) throw Bad(name, number, $"class {head.Trim()} comes twice");
                continue;
            }

            if (!list.sections.TryGetValue(section, out var lines)) list.sections[section] = lines = [];
            lines.Add((number, line));
        }

        return list;
    }

    /// <summary>The section's lines as phrase patterns; empty when the section is missing and not <paramref name="required"/>.</summary>
    public PhraseSet Phrases(string section, bool required = true)
    {
        var phrases = new PhraseSet();
        foreach (var (line, text) in Lines(section, required))
        {
            try
            {
                phrases.Add(text, classes);
            }
            catch (FormatException e)
            {
                throw Bad(Name, line, e.Message);
            }
        }

        return phrases;
    }

    /// <summary>The section's lines as they stand, with their numbers.</summary>
    public IReadOnlyList<(int Line, string Text)> Lines(string section, bool required = true) =>
        sections.TryGetValue(section, out var lines) && lines.Count > 0 ? lines
        : required ? throw Bad(Name, 1, section.Length == 0 ? "the list is empty" : $"section [{section}] is missing or empty") : [];

    /// <summary>Refuses sections that nobody reads: a misspelt header would silently switch entries off.</summary>
    public ListFile Only(params ReadOnlySpan<string> known)
    {
        foreach (var section in sections.Keys)
        {
            if (!known.Contains(section)) throw Bad(Name, 1, section.Length == 0 ? "entries stand before the first section header" : $"section [{section}] is not known; known are {string.Join(", ", known.ToArray().Select(k => $"[{k}]"))}");
        }

        return this;
    }

    public static BadInputException Bad(string file, int line, string message) => new($"{file}, line {line}: {message}.");
}
