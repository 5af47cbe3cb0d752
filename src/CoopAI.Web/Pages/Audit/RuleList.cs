using CoopAI.Core.Guidance;

namespace CoopAI.Web.Pages.Audit;

/// <summary>A list of words that a rule looks for, as people can read it.</summary>
/// <param name="Name">What the list's part is called, such as "harmless"; empty: the list has one part.</param>
/// <param name="Lines">One pattern each, in words.</param>
public sealed record RuleListPart(string Name, IReadOnlyList<string> Lines)
{
    /// <summary>Every text list that a rule's settings name, part by part.</summary>
    public static IReadOnlyList<RuleListPart> Of(GuidanceFramework framework, RuleDefinition rule)
    {
        ArgumentNullException.ThrowIfNull(framework);
        ArgumentNullException.ThrowIfNull(rule);
        return [.. Files(rule).Select(framework.FileContent).OfType<string>().SelectMany(f => Read(f.Split('\n')))];
    }

    /// <summary>One pattern of a list in words; words that the list has names for stay names.</summary>
    public static string InWords(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return InWords(pattern, []);
    }

    /// <summary>Names of the files in a rule's settings.</summary>
    private static IEnumerable<string> Files(RuleDefinition rule) =>
        rule.Settings.Values.OfType<string>().Where(v => v.EndsWith(".txt", StringComparison.Ordinal) && Path.GetFileName(v) == v);

    /// <summary>Reads a list: "#" begins a comment, "[name]" a part, "@name = a|b" words that patterns below refer to.</summary>
    internal static IReadOnlyList<RuleListPart> Read(IEnumerable<string> lines)
    {
        var classes = new Dictionary<string, string>(StringComparer.Ordinal);
        var parts = new List<(string Name, List<string> Lines)>();
        foreach (var line in lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line[0] == '[' && line[^1] == ']') parts.Add((line[1..^1].Replace('_', ' ').Replace('-', ' '), []));
            else if (line[0] == '@' && line.Split('=', 2) is [var name, var members] && !name.Trim().Contains(' ', StringComparison.Ordinal)) classes[name.Trim()] = members.Trim();
            else
            {
                if (parts.Count == 0) parts.Add(("", []));
                parts[^1].Lines.Add(InWords(line, classes));
            }
        }

        return [.. parts.Where(p => p.Lines.Count > 0).Select(p => new RuleListPart(p.Name, p.Lines))];
    }

    // "~3" stands for up to three words between, "!" for what must not follow, "?" for what may be missing, "*" for any ending.
    private static string InWords(string pattern, Dictionary<string, string> classes)
    {
        return string.Join(" ", pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(token => token[0] switch
        {
            '~' => "…",
            '!' => $"(but not before {Words(token[1..])})",
            _ when token.Length > 1 && token[^1] == '?' => $"({Words(token[..^1])})",
            _ => Words(token),
        }));

        string Words(string alternatives) => string.Join(" / ", alternatives.Split('|').SelectMany(a => classes.TryGetValue(a, out var members) ? members.Split('|') : [a])
            .Select(a => a.Trim().Replace('_', ' ').Replace("*", "…", StringComparison.Ordinal)));
    }
}
