using System.CommandLine;
using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using Microsoft.Extensions.AI;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai tag</c>: suggests principles for texts.</summary>
internal static class TagCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment) => [TagCommand.Create(environment), PrinciplesCommand.Create(environment)];

    /// <summary>A stored slug, a file, or standard input.</summary>
    internal static async Task<TaggableText> ReadAsync(CommandContext context, string name, CorpusIndex stored, CancellationToken ct)
    {
        byte[] bytes;
        if (name == "-") bytes = System.Text.Encoding.UTF8.GetBytes(await context.Environment.In.ReadToEndAsync(ct));
        else if (File.Exists(name))
        {
            if (new FileInfo(name).Length > ReadingLimits.DocumentBytes) throw new BadInputException($"{name} has {new FileInfo(name).Length} bytes; at most {ReadingLimits.DocumentBytes} are read.");
            bytes = await File.ReadAllBytesAsync(name, ct);
        }
        else if (stored.Find(name)?.CaseStudy is { } caseStudy) return TaggableText.Of(caseStudy);
        else throw new BadInputException($"\"{name}\" is neither a file nor the slug of a stored case study.");

        var start = bytes.AsSpan(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0).TrimStart(" \t\r\n"u8);
        if (start is not [(byte)'{', ..] || start.StartsWith("{\\rtf"u8))
        {
            // Of a page or a document its text alone; plain text is weighed as it stands.
            var (title, read) = context.Get<CaseStudyImporter>().ReadTextOf(bytes, name == "-" ? "standard input" : name);
            if (read.Length > CaseStudyReader.MaxLineBytes) throw new BadInputException($"The text has {read.Length} characters; at most {CaseStudyReader.MaxLineBytes} are read.");
            return new TaggableText(null, title ?? "", read);
        }

        var text = System.Text.Encoding.UTF8.GetString(start);
        if (text.Length > CaseStudyReader.MaxLineBytes) throw new BadInputException($"The text has {text.Length} characters; at most {CaseStudyReader.MaxLineBytes} are read.");
        // A case study as JSON: its title counts, its published principles do not.
        var reading = CaseStudyReader.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(OneLine(text))), name);
        return reading switch
        {
            { Problems: [var problem, ..] } => throw new BadInputException(problem.ToString()),
            { CaseStudies: [var one] } => TaggableText.Of(one),
            _ => throw new BadInputException($"{name} holds {reading.CaseStudies.Count} case studies. Tag many with: coopai tag --batch {name}"),
        };
    }

    // An indented document is one case study; several documents stand one a line.
    internal static string OneLine(string text)
    {
        try
        {
            return System.Text.Json.JsonSerializer.Serialize(System.Text.Json.JsonDocument.Parse(text).RootElement);
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }

    internal static Option<int> Top() => new("--top") { DefaultValueFactory = _ => 10, Description = "How many rows, 1 to 10,000." };

    internal static int Top(CommandContext context, Option<int> option)
    {
        var count = context.Arguments.GetValue(option);
        return count is >= 1 and <= 10_000 ? count : throw new BadInputException($"--top {count} is out of range: ask for 1 to 10,000.");
    }

    internal static Task<TaggableTextReader> ReaderAsync(CommandContext context, CancellationToken ct) =>
        TaggableTextReader.CreateAsync(context.Get<PrincipleCatalogue>(), context.Get<IEmbeddingGenerator<string, Embedding<float>>>(), ct);

    internal static async Task<List<(LabelledText Labelled, TaggingExample Example)>> ExamplesAsync(TaggableTextReader reader, string path, CancellationToken ct)
    {
        var labelled = CaseStudyFile.ReadLabels(path);
        var read = await reader.ReadAsync([.. labelled.Select(l => TaggableText.Of(l.CaseStudy))], ct);
        return [.. labelled.Select((l, i) => (l, l.ToExample(read[i])))];
    }
}
