using System.CommandLine;
using CoopAI.Adapters.Sqlite;
using static CoopAI.Cli.Commands.UserCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai users add</c>.</summary>
internal static class UsersAddCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = Name();
        var role = RoleOption();
        var command = new Command("add", "Make an account. The password is read from standard input.") { name, role };
        command.Run(environment, async (context, _) =>
        {
            var book = context.Get<AccountBook>();
            await book.AddAsync(context.Arguments.GetValue(name)!, context.Arguments.GetValue(role)!, ReadPassword(environment));
            return Done(context, $"{context.Arguments.GetValue(name)} may sign in as {context.Arguments.GetValue(role)}.");
        });
        return command;
    }
}
