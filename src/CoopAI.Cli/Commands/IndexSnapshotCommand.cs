using System.CommandLine;
using System.Globalization;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.IndexCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai index snapshot</c>.</summary>
internal static class IndexSnapshotCommand
{
    public static Command Create(CliEnvironment environment)
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
}
