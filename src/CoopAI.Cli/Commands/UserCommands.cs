using System.CommandLine;
using System.Text;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai users</c>: who may sign in.</summary>
internal static class UserCommands
{
    public static Command Create(CliEnvironment environment) => new("users", "Who may sign in, and as what. Used by a service with SignIn:Mode Accounts.")
    {
        UsersListCommand.Create(environment), UsersAddCommand.Create(environment), UsersInviteCommand.Create(environment), UsersRoleCommand.Create(environment), UsersPasswordCommand.Create(environment), UsersRemoveCommand.Create(environment),
    };

    internal static Argument<string> Name() => new("NAME") { Description = "The account's name: letters, digits and . - _ @, up to 64." };

    internal static Option<string> RoleOption() => new("--role") { Description = "officer, staff, member or administrator.", HelpName = "ROLE", Required = true };

    internal static int Done(CommandContext context, string message)
    {
        if (context.WantsJson) context.WriteJson(new { done = message });
        else context.Out.WriteLine(message);
        return ExitStatus.Done;
    }

    /// <summary>Never from an argument, which other users of the machine could see. At a terminal the keys are not shown.</summary>
    internal static string ReadPassword(CliEnvironment environment)
    {
        environment.Error.Write($"Password ({AccountBook.MinPassword} characters or more): ");
        if (!ReferenceEquals(environment.In, Console.In) || Console.IsInputRedirected)
        {
            var line = environment.In.ReadLine() ?? throw new BadInputException("No password came on standard input: write it as one line.");
            environment.Error.WriteLine();
            return line;
        }

        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        environment.Error.WriteLine();
        return typed.ToString();
    }
}
