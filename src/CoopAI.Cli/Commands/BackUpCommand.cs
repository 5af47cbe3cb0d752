using System.CommandLine;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Hosting;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai backup</c>: the same copy as from the page /admin/backup.</summary>
internal static class BackUpCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var file = new Argument<string>("FILE") { Description = "The copy's name; it must not exist yet." };
        var command = new Command("backup", "Copy everything that is stored into one file, while the service runs. The key that signs the record is not in it.") { file };
        command.Run(environment, (context, _) =>
        {
            var path = Path.GetFullPath(context.Arguments.GetValue(file)!);
            if (Path.Exists(path)) throw new BadInputException($"{path} exists already. Give the name of a new file.");
            if (!Directory.Exists(Path.GetDirectoryName(path))) throw new BadInputException($"The folder {Path.GetDirectoryName(path)} does not exist. Make it first.");
            var backUps = context.Get<BackUps>();
            try
            {
                backUps.Write(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new BadInputException($"The copy cannot be written: {e.Message}", e);
            }

            try
            {
                BackUpRecord.Taken(context.Get<SettingsBook>(), TimeProvider.System.GetUtcNow(), "the command line", "A copy of everything stored was made on the command line.");
            }
            catch
            {
                // No copy that the record does not know.
                File.Delete(path);
                throw;
            }

            if (context.WantsJson) context.WriteJson(new { file = path, bytes = new FileInfo(path).Length });
            else context.Out.WriteLine($"Everything stored is copied to {path}. Keep the key apart from it: {context.Get<SqliteLedger>().Key.Path}");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
