using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Evaluation.Tagging;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.AI;
using static CoopAI.Cli.Commands.TagCommands;

namespace CoopAI.Cli.Commands;

/// <summary>The table of docs/adr/0005-tagging.md.</summary>
internal static class TagCrossValidateCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var labels = new Option<FileInfo>("--labels") { Required = true, HelpName = "FILE", Description = "Labelled case studies, JSON lines." };
        var against = new Option<FileInfo?>("--against") { HelpName = "FILE", Description = "Score against these labels of the same case studies, such as the published lists in corpus/case-studies.jsonl." };
        var folds = new Option<int>("--folds") { DefaultValueFactory = _ => 5, Description = "Folds, 2 or more." };
        var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 5, Description = "Repeats, each with folds of its own." };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var settings = new Option<FileInfo?>("--settings") { HelpName = "FILE", Description = "Other training settings than the shipped ones, as JSON (for developers)." };
        var command = new Command("cross-validate", "Measure the tagger on labelled texts by repeated cross-validation.") { labels, against, folds, repeats, seed, settings };
        command.Run(environment, async (context, ct) =>
        {
            var reader = await ReaderAsync(context, ct);
            var examples = await ExamplesAsync(reader, context.Arguments.GetRequiredValue(labels).FullName, ct);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var runs = TaggingCrossValidation.Run(reader, examples.Select(e => e.Example).ToList(), TaggingPrior.Shipped, context.Arguments.GetValue(folds), context.Arguments.GetValue(repeats), context.Arguments.GetValue(seed), Settings(context.Arguments.GetValue(settings)));
            context.Error.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s");
            IReadOnlyList<LabelledText> truth = context.Arguments.GetValue(against) is { } other ? CaseStudyFile.ReadLabels(other.FullName) : [.. examples.Select(e => e.Labelled)];
            var slugs = runs.Select(r => r.Example.Key).ToHashSet(StringComparer.Ordinal);
            truth = [.. truth.Where(t => slugs.Contains(t.CaseStudy.Slug) && t.Labels.Count > 0)];
            if (truth.Count == 0) throw new BadInputException("--against holds labels of none of these case studies.");
            var scored = truth.Select(t => t.CaseStudy.Slug).ToHashSet(StringComparer.Ordinal);
            var report = TaggingReport.Of([.. runs.Where(r => scored.Contains(r.Example.Key))], truth);
            if (context.WantsJson) context.WriteJson(report);
            else context.Out.Write(report.ToTable());
            return ExitStatus.Done;
        });
        return command;
    }

    private static TaggerSettings Settings(FileInfo? file)
    {
        if (file is null) return new TaggerSettings();
        try
        {
            return System.Text.Json.JsonSerializer.Deserialize<TaggerSettings>(File.ReadAllText(file.FullName), CoopJson.Options) ?? throw new BadInputException($"{file} holds null instead of settings.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            throw new BadInputException($"{file} cannot be used as settings: {e.Message}", e);
        }
    }
}
