using System.CommandLine;
using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Hosting;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai restore</c>: puts a copy back, as the page /admin/backup does.</summary>
internal static class RestoreCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var file = new Argument<string>("FILE") { Description = "A copy made by \"coopai backup\" or on the page /admin/backup." };
        var by = new Option<string>("--by") { Description = "Who puts it back.", HelpName = "NAME", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, in a sentence that members will read in the record.", HelpName = "TEXT", Required = true };
        var command = new Command("restore", "Put a copy in the place of everything that is stored now. What was stored since the copy is lost.") { file, by, reason };
        command.Run(environment, (context, _) =>
        {
            var path = Path.GetFullPath(context.Arguments.GetValue(file)!);
            if (!File.Exists(path)) throw new BadInputException($"There is no file {path}.");
            var (author, why) = (context.Arguments.GetValue(by)!, context.Arguments.GetValue(reason)!);
            // What the record would refuse afterwards is refused before anything is replaced.
            LedgerDraft.By(author, why, "Putting a copy back");
            var guidance = context.Get<GuidanceFramework>();
            guidance.RefusePersonalData("reason", why);
            guidance.RefusePersonalData("name", author, isName: true);

            var (before, after) = context.Get<BackUps>().Restore(path);
            BackUpRecord.PutBack(context.Get<SettingsBook>(), (before, after), TimeProvider.System.GetUtcNow(), author, why);
            if (context.WantsJson) context.WriteJson(new { entriesBefore = before, entriesOfCopy = after });
            else context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The copy is in place: its record has {after:N0} entries, the one before had {before:N0}. Restart the service."));
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
