using System.CommandLine;
using CoopAI.Adapters.Sqlite;
using static CoopAI.Cli.Commands.UserCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai users role</c>.</summary>
internal static class UsersRoleCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = Name();
        var role = RoleOption();
        var command = new Command("role", "Give an account another role; its sessions end.") { name, role };
        command.Run(environment, async (context, _) =>
        {
            await context.Get<AccountBook>().SetRoleAsync(context.Arguments.GetValue(name)!, context.Arguments.GetValue(role)!);
            return Done(context, $"{context.Arguments.GetValue(name)} is {context.Arguments.GetValue(role)} now and has to sign in again.");
        });
        return command;
    }
}
