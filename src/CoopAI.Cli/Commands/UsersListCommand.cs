using System.CommandLine;
using CoopAI.Adapters.Sqlite;
using static CoopAI.Cli.Commands.UserCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai users list</c>.</summary>
internal static class UsersListCommand
{
    public static Command Create(CliEnvironment environment)
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
}
