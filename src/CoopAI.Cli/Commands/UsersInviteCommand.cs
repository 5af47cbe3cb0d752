using System.CommandLine;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using static CoopAI.Cli.Commands.UserCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai users invite</c>: the same invitation as on the page /admin/users.</summary>
internal static class UsersInviteCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = Name();
        var role = RoleOption();
        var address = new Option<string?>("--address") { Description = "The address of the service that the person will open, such as https://coopai.council.example; the setting SignIn:PublicAddress otherwise.", HelpName = "ADDRESS" };
        var reason = new Option<string>("--reason") { Description = "Why, in a sentence that members may read in the record.", HelpName = "TEXT", DefaultValueFactory = _ => "Invited on the command line." };
        var command = new Command("invite", "Make an account without a password, and the link with which its owner sets one. The link works once, for seven days.") { name, role, address, reason };
        command.Run(environment, async (context, _) =>
        {
            var given = context.Arguments.GetValue(address);
            var service = given ?? context.Configuration["SignIn:PublicAddress"] ?? throw new BadInputException("Say the address of the service for the link: --address https://coopai.council.example, or the setting SignIn:PublicAddress.");
            if (!Uri.TryCreate(service, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
                throw new BadInputException($"{(given is null ? "SignIn:PublicAddress" : "--address")} \"{service}\": give an address of the web without a path, such as https://coopai.council.example.");
            var secret = await context.Get<AccountBook>().InviteAsync(context.Arguments.GetValue(name)!, context.Arguments.GetValue(role)!, AccountChange.AtTheShell(context.Arguments.GetValue(reason)!));
            var link = $"{uri.GetLeftPart(UriPartial.Authority)}/sign-in/link?link={secret}";
            if (context.WantsJson) context.WriteJson(new { link });
            else context.Out.WriteLine($"Give this link to {context.Arguments.GetValue(name)}; it works once, for seven days:{Environment.NewLine}{link}");
            return ExitStatus.Done;
        });
        return command;
    }
}
