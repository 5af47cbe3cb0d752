using System.CommandLine;
using System.Globalization;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.IndexCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai index status</c>.</summary>
internal static class IndexStatusCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command("status", "Show what is stored and what the index holds. Exit status 1: they differ.");
        command.Run(environment, async (context, ct) =>
        {
            var library = context.Get<CaseStudyLibrary>();
            var (stored, pending, encoder) = (library.GetHashes().Count, library.GetPending().Count, context.Get<EncoderIdentity>());
            if (context.Services.GetService<QdrantIndex>() is not { } index)
            {
                await context.Get<CorpusService>().RefreshAsync(ct);
                var embedded = await context.Get<IPassageStore>().GetStatusAsync(ct);
                if (context.WantsJson) context.WriteJson(new { store = "embedded", caseStudies = stored, embedded.Passages, model = encoder.ModelId, encoder.Dimension, embedded.Advice });
                else await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Embedded store: {stored} case studies, filled at each start. Model {encoder.ModelId}, {encoder.Dimension} dimensions.{(embedded.Advice is { } advice ? " " + advice : "")}"));
                return ExitStatus.Done;
            }

            var status = await index.GetStatusAsync(ct);
            var searched = status.Collections.FirstOrDefault(c => c.Role == QdrantCollectionRole.Searched);
            var fits = searched is null ? stored == 0 : searched.CaseStudies == stored && pending == 0 && (searched.ModelId, searched.Dimension) == (encoder.ModelId, encoder.Dimension);
            if (context.WantsJson)
            {
                context.WriteJson(new { store = "qdrant", caseStudies = stored, waiting = pending, model = encoder.ModelId, encoder.Dimension, fits, status.Version, status.Alias, status.Collections });
                return fits ? ExitStatus.Done : ExitStatus.CheckFailed;
            }

            await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Stored: {stored} case studies, {pending} waiting for the index. Model {encoder.ModelId}, {encoder.Dimension} dimensions."));
            await context.Out.WriteLineAsync($"Qdrant {status.Version}, alias {status.Alias}:");
            foreach (var c in status.Collections)
                await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {c.Name}  {Name(c.Role),-22}  {c.CaseStudies} case studies, {c.Passages} passages, {c.ModelId}, {c.Dimension} dimensions"));
            if (status.Collections.Count == 0) await context.Out.WriteLineAsync("  nothing yet");
            if (!fits) await context.Out.WriteLineAsync("The index does not hold what is stored. Put it right: coopai index rebuild");
            return fits ? ExitStatus.Done : ExitStatus.CheckFailed;
        });
        return command;
    }
}
