using System.CommandLine;
using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Core.Tagging;
using CoopAI.Evaluation.Tagging;
using Microsoft.Extensions.AI;

namespace CoopAI.Cli;

/// <summary><c>coopai tag</c>: suggests principles for texts.</summary>
internal static class TagCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment) => [Tag(environment)];

    private static Command Tag(CliEnvironment environment)
    {
        var tag = new Command("tag", "Suggest which of the ten principles a text shows at work, each with its sentence.") { CrossValidate(environment), Prior(environment) };
        return tag;
    }

    /// <summary>The table of docs/adr/0005-tagging.md.</summary>
    private static Command CrossValidate(CliEnvironment environment)
    {
        var labels = new Option<FileInfo>("--labels") { Required = true, HelpName = "FILE", Description = "Labelled case studies, JSON lines." };
        var folds = new Option<int>("--folds") { DefaultValueFactory = _ => 5, Description = "Folds, 2 or more." };
        var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 5, Description = "Repeats, each with folds of its own." };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var command = new Command("cross-validate", "Measure the tagger on labelled texts by repeated cross-validation.") { labels, folds, repeats, seed };
        command.Run(environment, async (context, ct) =>
        {
            var reader = await ReaderAsync(context, ct);
            var examples = await ExamplesAsync(reader, context.Arguments.GetRequiredValue(labels).FullName, ct);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var runs = TaggingCrossValidation.Run(reader, examples.Select(e => e.Example).ToList(), TaggingPrior.Shipped, context.Arguments.GetValue(folds), context.Arguments.GetValue(repeats), context.Arguments.GetValue(seed));
            context.Error.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s");
            var report = TaggingReport.Of(runs, examples.Select(e => e.Labelled).ToList());
            if (context.WantsJson) context.WriteJson(report);
            else context.Out.Write(report.ToTable());
            return ExitStatus.Done;
        });
        return command;
    }

    private static Command Prior(CliEnvironment environment)
    {
        var labels = new Option<FileInfo>("--labels") { Required = true, HelpName = "FILE", Description = "Labelled texts, JSON lines, that are not the Network's." };
        var output = new Option<FileInfo>("--out") { Required = true, HelpName = "FILE", Description = "Where the weights go: src/CoopAI.Core/Tagging/tagging-prior.json." };
        var provenance = new Option<string>("--provenance") { Required = true, HelpName = "TEXT", Description = "Where the texts come from and under which licence." };
        var command = new Command("prior", "Make the weights that the tagger starts from (for developers).") { labels, output, provenance };
        command.Run(environment, async (context, ct) =>
        {
            var reader = await ReaderAsync(context, ct);
            var examples = await ExamplesAsync(reader, context.Arguments.GetRequiredValue(labels).FullName, ct);
            var prior = TaggerTrainer.TrainPrior(reader, examples.Select(e => e.Example).ToList(), context.Arguments.GetRequiredValue(provenance));
            await File.WriteAllTextAsync(context.Arguments.GetRequiredValue(output).FullName, prior.ToJson() + "\n", ct);
            context.Error.WriteLine($"Learned from {examples.Count} texts.");
            return ExitStatus.Done;
        });
        return command;
    }

    private static Task<TaggableTextReader> ReaderAsync(CommandContext context, CancellationToken ct) => TaggableTextReader.CreateAsync(
        PrincipleCatalogue.Load(Path.Combine(ProductFiles.Prompts, PrincipleCatalogue.FileName)),
        context.Services.GetService(typeof(IEmbeddingGenerator<string, Embedding<float>>)) as IEmbeddingGenerator<string, Embedding<float>> ?? new CoopAI.Adapters.Models.UniversalSentenceEncoder(), ct);

    private static async Task<List<(LabelledText Labelled, TaggingExample Example)>> ExamplesAsync(TaggableTextReader reader, string path, CancellationToken ct)
    {
        var labelled = LabelledText.ReadFile(path);
        var read = await reader.ReadAsync([.. labelled.Select(l => TaggableText.Of(l.CaseStudy))], ct);
        return [.. labelled.Select((l, i) => (l, l.ToExample(read[i])))];
    }
}
