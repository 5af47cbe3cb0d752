using System.CommandLine;
using CoopAI.Adapters.Sqlite;
using static CoopAI.Cli.Commands.UserCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai users password</c>.</summary>
internal static class UsersPasswordCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = Name();
        var command = new Command("password", "Give an account another password, read from standard input; its sessions end.") { name };
        command.Run(environment, async (context, _) =>
        {
            await context.Get<AccountBook>().SetPasswordAsync(context.Arguments.GetValue(name)!, ReadPassword(environment));
            return Done(context, $"{context.Arguments.GetValue(name)} has another password now and has to sign in again.");
        });
        return command;
    }
}
