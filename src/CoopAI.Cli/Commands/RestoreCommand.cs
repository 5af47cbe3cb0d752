using System.CommandLine;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai restore</c>: puts a copy back, as the page /admin/backup does.</summary>
internal static class RestoreCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var file = new Argument<string>("FILE") { Description = "A copy made by \"coopai backup\" or on the page /admin/backup." };
        var reason = new Option<string>("--reason") { Description = "Why, in a sentence that members will read in the record.", HelpName = "TEXT", Required = true };
        var command = new Command("restore", "Put a copy in the place of everything that is stored now. What was stored since the copy is lost.") { file, reason };
        command.Run(environment, (context, _) =>
        {
            var path = Path.GetFullPath(context.Arguments.GetValue(file)!);
            if (!File.Exists(path)) throw new BadInputException($"There is no file {path}.");
            var (before, after) = context.Get<BackUps>().Restore(path);
            context.Get<SettingsBook>().Change(
                "restored", new JsonObject { ["entriesBefore"] = before, ["entriesOfCopy"] = after, ["at"] = TimeProvider.System.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture) },
                "the command line", context.Arguments.GetValue(reason)!);
            if (context.WantsJson) context.WriteJson(new { entriesBefore = before, entriesOfCopy = after });
            else context.Out.WriteLine($"The copy is in place: its record has {after:N0} entries, the one before had {before:N0}.");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
