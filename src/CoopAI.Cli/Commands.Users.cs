using System.CommandLine;
using System.Text;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;

namespace CoopAI.Cli;

/// <summary><c>coopai users</c>: who may sign in.</summary>
internal static class UserCommands
{
    public static Command Create(CliEnvironment environment) => new("users", "Who may sign in, and as what. Used by a service with SignIn:Mode Accounts.")
    {
        List(environment), Add(environment), Role(environment), Password(environment), Remove(environment),
    };

    private static Command List(CliEnvironment environment)
    {
        var command = new Command("list", "List the accounts.");
        command.Run(environment, (context, _) =>
        {
            var accounts = context.Get<AccountBook>().All();
            if (context.WantsJson) context.WriteJson(new { users = accounts.Select(a => new { a.Name, a.Role, a.Made, a.LastSeen, a.Disabled, a.HasSecondFactor }) });
            else if (accounts.Count == 0) context.Out.WriteLine("There is no account yet. Make one: coopai users add NAME --role administrator");
            else foreach (var a in accounts) context.Out.WriteLine($"{a.Name}  {a.Role}{(a.Disabled ? "  disabled" : a.IsInvited ? "  invited" : "")}{(a.LastSeen is { } seen ? $"  last seen {seen:u}" : "")}");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }

    private static Command Add(CliEnvironment environment)
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

    private static Command Role(CliEnvironment environment)
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

    private static Command Password(CliEnvironment environment)
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

    private static Command Remove(CliEnvironment environment)
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

    private static Argument<string> Name() => new("NAME") { Description = "The account's name: letters, digits and . - _ @, up to 64." };

    private static Option<string> RoleOption() => new("--role") { Description = "officer, staff, member or administrator.", HelpName = "ROLE", Required = true };

    private static int Done(CommandContext context, string message)
    {
        if (context.WantsJson) context.WriteJson(new { done = message });
        else context.Out.WriteLine(message);
        return ExitStatus.Done;
    }

    /// <summary>Never from an argument, which other users of the machine could see. At a terminal the keys are not shown.</summary>
    private static string ReadPassword(CliEnvironment environment)
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
