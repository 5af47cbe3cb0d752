using System.CommandLine;
using CoopAI.Adapters.Models;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.ServiceCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command("doctor", "Check the model, the database, the corpus and the settings, and say what to do about what is wrong.");
        command.Run(environment, async (context, ct) =>
        {
            var findings = new List<Finding>();
            await CheckAsync(context, findings, ct);
            var sound = findings.TrueForAll(f => f.Ok);
            if (context.WantsJson) context.WriteJson(new { sound, checks = findings });
            else foreach (var f in findings) await context.Out.WriteLineAsync($"{(f.Ok ? "ok   " : "WRONG")}  {f.Name}: {f.Message}");
            return sound ? ExitStatus.Done : ExitStatus.CheckFailed;
        });
        return command;
    }

    private static void CheckEncoder(CommandContext context, List<Finding> findings)
    {
        try
        {
            if (context.Get<ModelOptions>().Embedding is not { Provider: EmbeddingProvider.Onnx } options) return;
            var damaged = EncoderFolder.Read(options.Directory ?? EncoderFolder.Shipped).Damaged();
            if (damaged.Count == 0) _ = context.Get<IEmbeddingGenerator<string, Embedding<float>>>();
            findings.Add(new("sentence encoder", damaged.Count == 0, damaged.Count == 0 ? "its files are complete, and it runs" : string.Join(" ", damaged)));
        }
        catch (BadInputException e)
        {
            findings.Add(new("sentence encoder", false, e.Message));
        }
    }

    private static async Task CheckAsync(CommandContext context, List<Finding> findings, CancellationToken ct)
    {
        CheckEncoder(context, findings);

        await CheckStoreAsync(context, findings, ct);
        var file = Path.Combine(context.DataDirectory, CoopDatabase.FileName);
        if (!File.Exists(file))
        {
            findings.Add(new("database", true, $"{file} is not there yet; the first question or \"coopai ingest\" makes it"));
            return;
        }

        try
        {
            var faults = context.Get<CoopDatabase>().CheckIntegrity();
            findings.Add(new("database", faults.Count == 0, faults.Count == 0 ? $"{file} is sound" : $"{file} is damaged: {faults[0]}. Restore a copy, or move it away and start again."));
            var library = context.Get<CaseStudyLibrary>();
            if (context.Get<CorpusService>().FirstLoad is { } load)
                findings.Add(new("first load", false, FormattableString.Invariant($"{load.Done} of {load.Total} loaded. Start the service or ask a question: the load goes on where it stopped.")));
            CheckLedger(context, findings);
            var items = library.Load();
            var halves = items.Where(i => i.Passages.Count != i.PassageEmbeddings.Count || i.Sentences.Count != i.SentenceEmbeddings.Count || CaseStudyReader.Validate(i.CaseStudy) is not null).ToList();
            findings.Add(new("case studies", halves.Count == 0, halves.Count == 0
                ? FormattableString.Invariant($"{items.Count} stored, {items.Sum(i => i.Passages.Count)} passages, each whole")
                : $"{halves.Count} are not whole, the first is {halves[0].CaseStudy.Slug}. Read them again: coopai ingest FILE"));
            await context.Get<CorpusService>().RefreshAsync(ct);
            findings.Add(new("index", true, $"built with {context.Get<EncoderIdentity>().ModelId}"));
        }
        catch (Exception e) when (e is BadInputException or Microsoft.Extensions.Options.OptionsValidationException or FileNotFoundException)
        {
            findings.Add(new("service", false, e.Message));
        }
    }

    // The key, and whether anything that the ledger binds was altered.
    private static void CheckLedger(CommandContext context, List<Finding> findings)
    {
        var ledger = context.Get<SqliteLedger>();
        try
        {
            if (ledger.Head() is not null) ledger.EnsureKey();
            findings.Add(new("ledger key", true, ledger.Head() is null ? "made with the first entry" : $"{ledger.Key.Path} signs"));
        }
        catch (BadInputException e)
        {
            findings.Add(new("ledger key", false, e.Message));
        }

        var check = ledger.Verify();
        if (check.Sound) findings.Add(new("record", true, FormattableString.Invariant($"{check.Entries} entries and what they bind are as they were signed")));
        else findings.AddRange(check.Findings.Take(20).Select(f => new Finding("record", false, f.Message)));
    }

    private static async Task CheckStoreAsync(CommandContext context, List<Finding> findings, CancellationToken ct)
    {
        try
        {
            if (context.Services.GetService<QdrantDoctor>() is not { } doctor) return;
            findings.AddRange((await doctor.ExamineAsync(ct)).Select(f => new Finding($"Qdrant, {f.Check}", f.Passed == true, f.Detail)));
        }
        catch (Microsoft.Extensions.Options.OptionsValidationException e)
        {
            findings.Add(new("Qdrant, settings", false, string.Join(" ", e.Failures)));
        }
    }

    private sealed record Finding(string Name, bool Ok, string Message);
}
