using System.CommandLine;
using System.Globalization;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Cli;

/// <summary><c>coopai index</c>: looks after the passage index that is built from the stored case studies.</summary>
internal static class IndexCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return new Command("index", "Look after the passage index: rebuild, status, switch, snapshot.")
        {
            Rebuild(environment), Status(environment), Switch(environment), Snapshot(environment),
        };
    }

    private static Command Rebuild(CliEnvironment environment)
    {
        var encode = new Option<bool>("--encode") { Description = "First encode every stored case study again, with the model that is configured now." };
        var fresh = new Option<bool>("--fresh") { Description = "Begin again instead of going on with a rebuild that stopped half-way." };
        var stay = new Option<bool>("--no-switch") { Description = "Only build; searches stay with the old collection until: coopai index switch NAME." };
        var command = new Command("rebuild", "Build the index anew while searches go on in the old one.") { encode, fresh, stay };
        command.Run(environment, async (context, ct) =>
        {
            var corpus = context.Get<CorpusService>();
            var encoded = context.Arguments.GetValue(encode)
                ? await context.WithProgressAsync("Encoding case studies", progress => corpus.EncodeAgainAsync(progress, ct)) : 0;
            if (context.Services.GetService<QdrantIndex>() is not { } index)
            {
                if (context.WantsJson) context.WriteJson(new { store = "embedded", encoded });
                else await context.Out.WriteLineAsync($"{(encoded > 0 ? string.Create(CultureInfo.InvariantCulture, $"{encoded} case studies were encoded again. ") : "")}The embedded store is filled at each start: nothing else is to be rebuilt.");
                return ExitStatus.Done;
            }

            if (context.Get<CaseStudyLibrary>().GetHashes().Count == 0) await CorpusCommands.OpenCorpusAsync(context, ct);
            var rebuilt = await index.RebuildAsync(
                corpus.ReadAll().ToAsyncEnumerable(), !context.Arguments.GetValue(fresh), !context.Arguments.GetValue(stay), new ToError(context.Error), ct);
            if (!context.Arguments.GetValue(stay)) corpus.NoteRebuilt();
            if (context.WantsJson)
            {
                context.WriteJson(new { store = "qdrant", encoded, rebuilt.Collection, rebuilt.Previous, rebuilt.Resumed, rebuilt.CaseStudies, rebuilt.Written, rebuilt.Kept });
                return ExitStatus.Done;
            }

            await context.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{rebuilt.CaseStudies} case studies, {rebuilt.Written} passages written{(rebuilt.Resumed ? $", {rebuilt.Kept} kept from the rebuild that had stopped" : "")}, in {rebuilt.Collection}."));
            await context.Out.WriteLineAsync(context.Arguments.GetValue(stay) ? $"Searches stay where they were. To use it: coopai index switch {rebuilt.Collection}"
                : rebuilt.Previous is null || rebuilt.Previous == rebuilt.Collection ? "Searches use it from now on."
                : $"Searches use it from now on. {rebuilt.Previous} is kept: go back with coopai index switch, or delete it with coopai index switch --confirm.");
            return ExitStatus.Done;
        });
        return command;
    }

    private static Command Status(CliEnvironment environment)
    {
        var command = new Command("status", "Show what is stored and what the index holds. Exit status 1: they differ.");
        command.Run(environment, async (context, ct) =>
        {
            var library = context.Get<CaseStudyLibrary>();
            var (stored, pending, encoder) = (library.GetHashes().Count, library.GetPending().Count, context.Get<EncoderIdentity>());
            if (context.Services.GetService<QdrantIndex>() is not { } index)
            {
                if (context.WantsJson) context.WriteJson(new { store = "embedded", caseStudies = stored, model = encoder.ModelId, encoder.Dimension });
                else await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Embedded store: {stored} case studies, filled at each start. Model {encoder.ModelId}, {encoder.Dimension} dimensions."));
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

    private static Command Switch(CliEnvironment environment)
    {
        var target = new Argument<string?>("COLLECTION") { Description = "A finished collection; without it: the one kept from before.", Arity = ArgumentArity.ZeroOrOne };
        var confirm = new Option<bool>("--confirm") { Description = "Change nothing, but delete what is kept from before." };
        var discard = new Option<bool>("--discard") { Description = "Change nothing, but delete what unfinished rebuilds left." };
        var command = new Command("switch", "Search in another collection, in one step.") { target, confirm, discard };
        command.Run(environment, async (context, ct) =>
        {
            var index = QdrantOnly(context);
            var (name, wantsConfirm, wantsDiscard) = (context.Arguments.GetValue(target), context.Arguments.GetValue(confirm), context.Arguments.GetValue(discard));
            if ((name is not null ? 1 : 0) + (wantsConfirm ? 1 : 0) + (wantsDiscard ? 1 : 0) > 1)
                throw new BadInputException("Give one of COLLECTION, --confirm and --discard.");
            if (wantsConfirm || wantsDiscard)
            {
                var deleted = wantsConfirm ? await index.ConfirmAsync(ct) : await index.DiscardUnfinishedAsync(ct);
                if (context.WantsJson) context.WriteJson(new { deleted });
                else await context.Out.WriteLineAsync(deleted.Count == 0 ? "Nothing was there to delete." : $"Deleted: {string.Join(", ", deleted)}.");
                return ExitStatus.Done;
            }

            var before = await index.SwitchAsync(name, ct);
            var now = (await index.GetStatusAsync(ct)).Collections.Single(c => c.Role == QdrantCollectionRole.Searched).Name;
            if (context.WantsJson) context.WriteJson(new { searched = now, previous = before });
            else await context.Out.WriteLineAsync(now == before ? $"{now} was searched already." : $"Searches use {now} from now on. {before ?? "Nothing"} was searched before.");
            return ExitStatus.Done;
        });
        return command;
    }

    private static Command Snapshot(CliEnvironment environment)
    {
        var copy = new Option<FileInfo?>("--copy") { Description = "Also copy the snapshot to this new file.", HelpName = "FILE" };
        var list = new Option<bool>("--list") { Description = "Make none; list those on the server." };
        var command = new Command("snapshot", "Make a snapshot of the searched collection on the Qdrant server.") { copy, list };
        command.Run(environment, async (context, ct) =>
        {
            var index = QdrantOnly(context);
            if (context.Arguments.GetValue(list))
            {
                var snapshots = await index.ListSnapshotsAsync(ct);
                if (context.WantsJson) context.WriteJson(new { snapshots });
                else foreach (var s in snapshots) await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{s.Name}  {s.Size} bytes  {s.Checksum}"));
                return ExitStatus.Done;
            }

            var file = context.Arguments.GetValue(copy);
            if (file is { Exists: true }) throw new BadInputException($"{file.FullName} exists already. Name a new file for --copy.");
            QdrantSnapshotFile made;
            if (file is null)
            {
                made = await index.SnapshotAsync(null, ct);
            }
            else
            {
                try
                {
                    await using var stream = file.Open(FileMode.CreateNew, FileAccess.Write);
                    made = await index.SnapshotAsync(stream, ct);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new BadInputException($"{file.FullName} cannot be written: {e.Message} Name another file for --copy.", e);
                }
                catch
                {
                    // Half a snapshot looks like a whole one.
                    file.Delete();
                    throw;
                }
            }

            if (context.WantsJson) context.WriteJson(made);
            else await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{made.Name}: {made.Size} bytes of {made.Collection}{(made.Checksum is null ? "" : $", SHA-256 {made.Checksum}")}."));
            return ExitStatus.Done;
        });
        return command;
    }

    private static QdrantIndex QdrantOnly(CommandContext context) => context.Services.GetService<QdrantIndex>()
        ?? throw new BadInputException("This needs the Qdrant store, and the embedded one is configured. Set Store to Qdrant (COOPAI_Store=Qdrant) and Qdrant:Address to the server.");

    private static string Name(QdrantCollectionRole role) => role switch
    {
        QdrantCollectionRole.Searched => "searched",
        QdrantCollectionRole.KeptFromBefore => "kept from before",
        QdrantCollectionRole.Ready => "finished, not used",
        _ => "unfinished rebuild",
    };

    private sealed class ToError(TextWriter error) : IProgress<long>
    {
        private long _next = 1000;

        public void Report(long value)
        {
            if (value < _next) return;
            _next = value + 1000;
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Rebuilding the index: {value} passages written"));
        }
    }
}
