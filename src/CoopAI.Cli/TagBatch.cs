using System.Text;
using System.Text.Json;
using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;

namespace CoopAI.Cli;

/// <summary>Tags a folder or a JSON-lines file; stopped at any point, the same command goes on where it was.</summary>
internal sealed class TagBatch(TrainedTagger trained, CaseStudyImporter importer, TextWriter progress)
{
    /// <summary>Texts that are read, tagged and written together: what a kill can cost.</summary>
    private const int Chunk = 64;

    private static readonly string[] Endings = [".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".jsonl"];

    public sealed record Result(int Tagged, int AlreadyDone, IReadOnlyList<LineProblem> Problems);

    /// <param name="output">JSON lines, one a text; the CSV of the same name is made from it at the end.</param>
    public async Task<Result> RunAsync(string source, string output, CancellationToken ct)
    {
        var (texts, problems) = Read(source);
        var version = (await trained.GetTaggerAsync(ct)).Version;
        var done = File.Exists(output) ? Kept(output, version, texts.Select(Key).ToHashSet(StringComparer.Ordinal)) : [];
        var todo = texts.Where(t => !done.Contains(Key(t))).ToList();
        var count = texts.Count - todo.Count;
        await using (var writer = new StreamWriter(output, append: true, new UTF8Encoding(false)))
        {
            foreach (var chunk in todo.Chunk(Chunk))
            {
                var suggestions = await trained.SuggestAsync(chunk, ct);
                for (var i = 0; i < chunk.Length; i++)
                    await writer.WriteLineAsync(JsonSerializer.Serialize(new { slug = chunk[i].Slug, title = chunk[i].Title, fingerprint = chunk[i].Fingerprint, version = suggestions[i].Version, note = suggestions[i].Note, tags = suggestions[i].Tags }, CoopJson.Options));
                await writer.FlushAsync(ct);
                count += chunk.Length;
                await progress.WriteLineAsync(FormattableString.Invariant($"Tagged {count} of {texts.Count}"));
            }
        }

        WriteCsv(output);
        return new(todo.Count, texts.Count - todo.Count, problems);
    }

    private static string Key(TaggableText text) => text.Slug + " " + text.Fingerprint;

    private (List<TaggableText> Texts, List<LineProblem> Problems) Read(string source)
    {
        var (texts, problems) = (new List<TaggableText>(), new List<LineProblem>());
        IEnumerable<string> files = Directory.Exists(source)
            ? Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : File.Exists(source) ? [source] : throw new BadInputException($"{source} is neither a folder nor a file.");
        foreach (var file in files)
        {
            if (Path.GetExtension(file).Equals(".jsonl", StringComparison.OrdinalIgnoreCase))
            {
                var reading = CaseStudyFile.Read(file);
                texts.AddRange(reading.CaseStudies.Select(TaggableText.Of));
                problems.AddRange(reading.Problems);
            }
            else if (new FileInfo(file).Length > CaseStudyReader.MaxLineBytes) problems.Add(new(file, 1, $"the file is larger than {CaseStudyReader.MaxLineBytes / (1024 * 1024)} MiB and was skipped."));
            else
            {
                try
                {
                    if (!Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)) throw new BadInputException($"{file}: files of this kind are not tagged. Files that end in {string.Join(", ", Endings)} are.");
                    var (title, text) = importer.ReadTextOf(File.ReadAllBytes(file), file);
                    texts.Add(new TaggableText(Directory.Exists(source) ? Path.ChangeExtension(Path.GetRelativePath(source, file), null).Replace('\\', '/') : Path.GetFileNameWithoutExtension(file), title ?? "", text));
                }
                catch (BadInputException e)
                {
                    problems.Add(new(file, 1, e.Message[(e.Message.StartsWith(file + ": ", StringComparison.Ordinal) ? file.Length + 2 : 0)..]));
                }
            }
        }

        if (texts.Count == 0 && problems.Count == 0) throw new BadInputException($"{source} holds no text. Files that end in {string.Join(", ", Endings)} are read.");
        return (texts, problems);
    }

    /// <summary>Keys of the lines that are still good; a torn last line, older versions and texts that are gone are taken out of the file.</summary>
    private static HashSet<string> Kept(string output, string version, HashSet<string> wanted)
    {
        var keep = new List<string>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(output))
        {
            try
            {
                if (JsonSerializer.Deserialize<JsonElement>(line) is { ValueKind: JsonValueKind.Object } row
                    && row.GetProperty("version").GetString() == version
                    && $"{row.GetProperty("slug").GetString()} {row.GetProperty("fingerprint").GetString()}" is var key && wanted.Contains(key) && keys.Add(key))
                    keep.Add(line);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                // A line that a kill tore is tagged again.
            }
        }

        var temporary = output + ".part";
        File.WriteAllLines(temporary, keep, new UTF8Encoding(false));
        File.Move(temporary, output, overwrite: true);
        return keys;
    }

    /// <summary>One row a text, for the Network's site: the given tags, the unsure ones, and each probability.</summary>
    private static void WriteCsv(string output)
    {
        using var writer = new StreamWriter(Path.ChangeExtension(output, ".csv"), append: false, new UTF8Encoding(true));
        writer.WriteLine("slug,title,tags,unsure," + string.Join(',', PrincipleIds.All) + ",note");
        foreach (var line in File.ReadLines(output))
        {
            var row = JsonSerializer.Deserialize<JsonElement>(line);
            var tags = row.GetProperty("tags").EnumerateArray().ToList();
            string Ids(string decision) => string.Join(' ', tags.Where(t => t.GetProperty("decision").GetString() == decision).Select(t => t.GetProperty("id").GetString()));
            writer.WriteLine(string.Join(',', new[] { row.GetProperty("slug").GetString(), row.GetProperty("title").GetString(), Ids("yes"), Ids("unsure") }
                .Concat(tags.Select(t => t.GetProperty("probability").GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture)))
                .Append(row.GetProperty("note").GetString()).Select(Field)));
        }
    }

    // A leading = + - @ would be a formula in a spreadsheet.
    private static string Field(string? value)
    {
        value ??= "";
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r') value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }
}
