using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoopAI.Core.Guidance;

/// <summary>What an edit of the values guidance does.</summary>
public enum GuidanceEditKind
{
    AddLine,
    RemoveLine,
    SwitchOff,
    SwitchOn,
}

/// <summary>One change of a rule that people made while the service runs; it is laid over the files of the framework, and so is part of its version.</summary>
/// <param name="Rule">Id of the rule.</param>
/// <param name="File">The list whose line is added or removed; null for a switch.</param>
/// <param name="Section">The list's section, "" where it has none; null for a switch.</param>
/// <param name="Line">The list's line as the file has it; for <see cref="GuidanceEditKind.SwitchOff"/> the reason; null otherwise.</param>
public sealed record GuidanceEdit(string Rule, GuidanceEditKind Kind, string? File = null, string? Section = null, string? Line = null)
{
    /// <summary>Longest line or reason, in characters.</summary>
    public const int MaxLine = 200;

    /// <summary>The edits laid over files, one after the other. One whose section, line or rule is gone changes nothing, so that a newer set of files still loads.</summary>
    /// <param name="files">Levelled contents by file name, as the framework reads them.</param>
    internal static IReadOnlyDictionary<string, string> LaidOver(IReadOnlyDictionary<string, string> files, IReadOnlyList<GuidanceEdit> edits)
    {
        if (edits.Count == 0) return files;
        var changed = new SortedDictionary<string, string>(files.ToDictionary(f => f.Key, f => f.Value), StringComparer.Ordinal);
        foreach (var edit in edits)
        {
            var name = edit.Kind is GuidanceEditKind.AddLine or GuidanceEditKind.RemoveLine ? edit.File! : GuidanceFramework.RulesFile;
            if (!changed.TryGetValue(name, out var content)) continue;
            var lines = content.TrimEnd('\n').Split('\n').ToList();
            if (name == GuidanceFramework.RulesFile) edit.Switch(lines);
            else edit.ChangeList(lines);
            changed[name] = string.Join('\n', lines) + "\n";
        }

        return changed;
    }

    /// <summary>The edits as an entry of the ledger keeps them.</summary>
    public static JsonArray ToJson(IEnumerable<GuidanceEdit> edits) => new([.. edits.Select(e => JsonSerializer.SerializeToNode(e, CoopJson.Options))]);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null or nothing: none.</summary>
    public static IReadOnlyList<GuidanceEdit> FromJson(JsonElement? json) => json is { ValueKind: JsonValueKind.Array } array ? array.Deserialize<List<GuidanceEdit>>(CoopJson.Options) ?? [] : [];

    private void ChangeList(List<string> lines)
    {
        var (from, to) = (0, lines.Count);
        if (Section!.Length > 0)
        {
            from = lines.FindIndex(l => l.Trim() == $"[{Section}]") + 1;
            if (from == 0) return;
            to = lines.FindIndex(from, l => l.Trim() is ['[', .., ']'] header && !header.Contains(' ', StringComparison.Ordinal)) is >= 0 and var next ? next : lines.Count;
        }

        var at = lines.FindIndex(from, to - from, l => l.Trim() == Line);
        if (Kind == GuidanceEditKind.RemoveLine && at >= 0) lines.RemoveAt(at);
        else if (Kind == GuidanceEditKind.AddLine && at < 0) lines.Insert(lines.FindLastIndex(to - 1, to - from, l => l.Trim().Length > 0) is >= 0 and var last ? last + 1 : from, Line!);
    }

    // The two keys of a rule that say whether it is on; everything else of the file stays as people wrote it.
    private void Switch(List<string> lines)
    {
        var start = lines.FindIndex(l => l.Trim() == $"- id: {Rule}");
        if (start < 0) return;
        var indent = new string(' ', lines[start].IndexOf('-', StringComparison.Ordinal) + 2);
        var end = lines.FindIndex(start + 1, l => l.Trim().StartsWith("- id: ", StringComparison.Ordinal)) is >= 0 and var next ? next : lines.Count;
        for (var i = end - 1; i > start; i--)
        {
            if (lines[i].StartsWith(indent + "on: ", StringComparison.Ordinal) || lines[i].StartsWith(indent + "off_reason: ", StringComparison.Ordinal)) lines.RemoveAt(i);
        }

        if (Kind == GuidanceEditKind.SwitchOff) lines.InsertRange(start + 1, [$"{indent}on: false", string.Create(CultureInfo.InvariantCulture, $"{indent}off_reason: {JsonSerializer.Serialize(Line)}")]);
    }
}

/// <summary>One section of a list that a rule goes by.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Section">"" where the list has none.</param>
/// <param name="Lines">As the file has them.</param>
public sealed record RuleList(string File, string Section, IReadOnlyList<string> Lines);

/// <summary>The framework that is in force now: the files with what people changed while the service runs. Safe for concurrent use.</summary>
public sealed class GuidanceInForce(GuidanceFramework first)
{
    private volatile GuidanceFramework current = first ?? throw new ArgumentNullException(nameof(first));

    public GuidanceFramework Current => current;

    /// <summary>Brings another framework into force, for every question that is asked from now on. It must be on record before.</summary>
    public void Become(GuidanceFramework changed) => current = changed ?? throw new ArgumentNullException(nameof(changed));
}
