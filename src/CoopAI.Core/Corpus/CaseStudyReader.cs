using System.Text.Json;
using CoopAI.Core.Guidance;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;

namespace CoopAI.Core.Corpus;

/// <summary>What was wrong with one line of a file.</summary>
/// <param name="Line">1-based.</param>
public sealed record LineProblem(string File, int Line, string Message)
{
    public override string ToString() => FormattableString.Invariant($"{File}, line {Line}: {Message}");
}

/// <param name="CaseStudies">The good lines, in file order.</param>
/// <param name="Problems">The broken ones; they were skipped.</param>
public sealed record CaseStudyReading(IReadOnlyList<CaseStudy> CaseStudies, IReadOnlyList<LineProblem> Problems);

/// <summary>Reads case studies from JSON lines. A broken line is reported by number and skipped; the others are read.</summary>
public static class CaseStudyReader
{
    /// <summary>Longest line that is read, in bytes: 4 MiB, some 600,000 words.</summary>
    public const int MaxLineBytes = 4 * 1024 * 1024;

    public const int MaxSlugLength = 200;

    public const int MaxTitleLength = 500;

    /// <summary>Reads UTF-8, with or without a byte-order mark, with any line ends; blank lines are passed over.</summary>
    /// <param name="name">The file's name as messages should give it.</param>
    public static CaseStudyReading Read(Stream stream, string name)
    {
        var good = new List<CaseStudy>();
        var problems = new List<LineProblem>();
        foreach (var (number, caseStudy, problem) in ReadLines(stream))
        {
            if (problem is null) good.Add(caseStudy!);
            else problems.Add(new LineProblem(name, number, problem));
        }

        return new CaseStudyReading(good, problems);
    }

    /// <summary>Fields of an export that say what this service and its staff think, and are no part of the case study.</summary>
    internal static readonly string[] Decisions = ["suggested", "decided"];

    /// <summary>As <see cref="Read(Stream, string)"/>, line by line: never more than one line is in memory, beside the slugs.</summary>
    public static IEnumerable<(int Line, CaseStudy? CaseStudy, string? Problem)> ReadLines(Stream stream)
    {
        var firstLine = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, bytes) in JsonLines.Read(stream, MaxLineBytes))
        {
            var problem = Parse(bytes, out var caseStudy);
            if (problem is null && !firstLine.TryAdd(caseStudy!.Slug, number))
                problem = FormattableString.Invariant($"slug \"{caseStudy.Slug}\" stands already on line {firstLine[caseStudy.Slug]}. Each case study needs a slug of its own.");
            yield return (number, problem is null ? caseStudy : null, problem);
        }
    }

    /// <summary>What is wrong with a case study, or null.</summary>
    public static string? Validate(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        return caseStudy switch
        {
            { Slug: null or "" } => "\"slug\" is empty. Give a short unique name such as \"youth-panel-northbeck\".",
            { Slug.Length: > MaxSlugLength } => $"\"slug\" has {caseStudy.Slug.Length} characters; at most {MaxSlugLength} are allowed.",
            _ when caseStudy.Slug.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '#' or '/' or '?' or '\\') =>
                $"\"slug\" \"{Shown(caseStudy.Slug)}\" holds white space or one of # / ? \\. Use letters, digits and hyphens.",
            _ when string.IsNullOrWhiteSpace(caseStudy.Title) => "\"title\" is empty.",
            { Title.Length: > MaxTitleLength } => $"\"title\" has {caseStudy.Title.Length} characters; at most {MaxTitleLength} are allowed.",
            _ when string.IsNullOrWhiteSpace(caseStudy.Text) => "\"text\" is empty.",
            _ when caseStudy.Text.Contains('\0', StringComparison.Ordinal) => "\"text\" holds a NUL character: this is not text.",
            { Year: < 1800 or > 2200 } => $"\"year\" {caseStudy.Year} is not a year between 1800 and 2200. Leave it out when it is not known.",
            _ when Unknown(caseStudy.Principles) is { } id => UnknownPrinciple("principles", id),
            _ when Unknown(caseStudy.PrinciplesUnknown) is { } id => UnknownPrinciple("principlesUnknown", id),
            _ => null,
        };

        static string? Unknown(IEnumerable<string>? ids) => ids?.FirstOrDefault(id => !PrincipleIds.Contains(id));

        static string UnknownPrinciple(string field, string id) =>
            $"\"{field}\" names \"{Shown(id)}\", which is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.";
    }

    private static string? Parse(byte[]? line, out CaseStudy? caseStudy)
    {
        caseStudy = null;
        if (line is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) return "the file is UTF-16. Save it as UTF-8.";
        if (line is [0, (byte)'{' or (byte)'[', ..] or [(byte)'{' or (byte)'[', 0, ..]) return "the file is UTF-16. Save it as UTF-8.";
        if (line is null) return $"the line is longer than {MaxLineBytes / (1024 * 1024)} MiB and was skipped. Each case study stands on one line.";
        if (BadByte(line) is >= 0 and var at) return FormattableString.Invariant($"it is not UTF-8 (byte {at + 1} of the line). Save the file as UTF-8.");
        if (line.AsSpan().TrimStart(" \t"u8) is [(byte)'[', ..]) return "a JSON list stands here; write one object a line.";
        try
        {
            caseStudy = JsonSerializer.Deserialize<CaseStudy>(line, CoopJson.Options);
        }
        catch (JsonException e)
        {
            var missing = e.Message.Contains("missing required", StringComparison.Ordinal);
            return missing ? "slug, title and text are required, and one of them is missing." : $"this is not the JSON of a case study: {Place(e)}";
        }

        if (caseStudy is null) return "the line holds null instead of a case study.";
        // Decisions of an export are staff's, not the source's.
        foreach (var name in Decisions) caseStudy.Extra?.Remove(name);
        // Before it is cleaned away.
        if ((TextTrust.Invisible(caseStudy.Text ?? "") ?? TextTrust.Invisible(caseStudy.Title ?? "") ?? (TextCleaning.CommentsOf(caseStudy.Text ?? "") is { Length: > 0 } comments ? TextTrust.CommentMark + comments : null)) is { } hidden)
            caseStudy = caseStudy with { Extra = new Dictionary<string, JsonElement>(caseStudy.Extra ?? new Dictionary<string, JsonElement>(), StringComparer.Ordinal) { [TextTrust.HiddenField] = JsonSerializer.SerializeToElement(hidden) } };
        caseStudy = caseStudy with
        {
            Extra = caseStudy.Extra is { Count: > 0 } ? caseStudy.Extra : null,
            ParticipatingMembers = caseStudy.ParticipatingMembers ?? [],
            PrinciplesUnknown = caseStudy.PrinciplesUnknown ?? [],
            Topics = caseStudy.Topics ?? [],
            Title = caseStudy.Title is null ? null! : TextCleaning.CleanTitle(caseStudy.Title),
            Text = caseStudy.Text is null ? null! : TextCleaning.Clean(caseStudy.Text),
            LeadMember = string.IsNullOrWhiteSpace(caseStudy.LeadMember) ? null : caseStudy.LeadMember,
        };
        return NullInList(caseStudy) ?? Misspelt(caseStudy) ?? Validate(caseStudy);
    }

    private static string? NullInList(CaseStudy c)
    {
        var field = Holds(c.ParticipatingMembers) ? "participatingMembers" : Holds(c.Principles) ? "principles" : Holds(c.PrinciplesUnknown) ? "principlesUnknown" : Holds(c.Topics) ? "topics" : null;
        return field is null ? null : $"\"{field}\" holds null or an empty text. Leave the value out.";

        static bool Holds(IReadOnlyList<string?>? list) => list is not null && list.Any(string.IsNullOrWhiteSpace);
    }

    private static readonly string[] Known = [.. typeof(CaseStudy).GetProperties().Where(p => p.CanWrite && p.Name != nameof(CaseStudy.Extra)).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))];

    /// <summary>A field that is one of the known ones but for a letter or two: whoever wrote it meant that one, and it would be lost in silence.</summary>
    private static string? Misspelt(CaseStudy caseStudy)
    {
        foreach (var name in caseStudy.Extra?.Keys ?? [])
        {
            if (Meant(name) is { } meant) return $"the field \"{Shown(name)}\" is not known; meant: {meant}?";
        }

        return null;
    }

    /// <summary>The known field that a name is a slip of; null: it is a field of its own.</summary>
    internal static string? Meant(string name)
    {
        if (Known.Contains(name, StringComparer.Ordinal) || name.Length is < 3 or > 40) return null;
        var plain = Plain(name);
        return Known.FirstOrDefault(k => Plain(k) == plain)
            ?? Known.FirstOrDefault(k => k.Length > 4 && Math.Abs(k.Length - plain.Length) <= 2 && EditDistance.Between(Plain(k), plain) <= (k.Length >= 8 ? 2 : 1));

        static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
    }

    private static int BadByte(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (System.Text.Rune.DecodeFromUtf8(bytes[at..], out _, out var used) != System.Buffers.OperationStatus.Done) return at;
            at += used;
        }

        return -1;
    }

    // An inner one of the same kind means that the text itself is broken; the path then only tells how far it was read.
    private static string Place(JsonException e) => e is { Path: { Length: > 1 } path, InnerException: not JsonException }
        ? $"the field {path[(path.StartsWith("$.", StringComparison.Ordinal) ? 2 : 0)..]} has a value of the wrong kind."
        : FormattableString.Invariant($"it breaks at byte {(e.BytePositionInLine ?? 0) + 1} of the line.");

    private static string Shown(string value) => value.Length <= 60 ? value : string.Concat(value.AsSpan(0, 60), "…");
}
