using System.CommandLine;
using CoopAI.Adapters.Sqlite;
using static CoopAI.Cli.Commands.UserCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai users remove</c>.</summary>
internal static class UsersRemoveCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = Name();
        var command = new Command("remove", "Take an account away; its sessions end. What it signed stays on record.") { name };
        command.Run(environment, async (context, _) =>
        {
            await context.Get<AccountBook>().RemoveAsync(context.Arguments.GetValue(name)!);
            return Done(context, $"{context.Arguments.GetValue(name)} cannot sign in any more.");
        });
        return command;
    }
}
