using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Orchestration.Tagging;
using Microsoft.Extensions.AI;
using static CoopAI.Cli.Commands.TagCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai prior</c>.</summary>
internal static class TagPriorCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var labels = new Option<FileInfo>("--labels") { Required = true, HelpName = "FILE", Description = "Labelled texts, JSON lines, that are not the Network's." };
        var output = new Option<FileInfo>("--out") { Required = true, HelpName = "FILE", Description = "Where the weights go: src/CoopAI.Core/Tagging/Learning/tagging-prior.json." };
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
}
