using System.CommandLine;
using System.Globalization;
using System.Text;
using CoopAI.Cli;

namespace CoopAI.Tests.Cli;

/// <summary>What the help of every command says, held to a file. A change that is meant is accepted with ACCEPT_SNAPSHOTS=1.</summary>
public sealed class HelpTests
{
    [Fact]
    public void Every_command_says_what_was_accepted()
    {
        // Written from the commands themselves: the width of a terminal breaks the printed help differently.
        var says = new StringBuilder();
        Write(says, CommandLine.Parse([]).RootCommandResult.Command, "coopai");

        RepositoryFiles.AssertAccepted(says.ToString(), "tests", "CoopAI.Tests", "Cli", "help.txt");
    }

    private static void Write(StringBuilder says, Command command, string path)
    {
        says.Append(CultureInfo.InvariantCulture, $"{path}: {command.Description}\n");
        foreach (var argument in command.Arguments) says.Append(CultureInfo.InvariantCulture, $"  {argument.Name}: {argument.Description}\n");
        foreach (var option in command.Options.Where(o => o is not (System.CommandLine.Help.HelpOption or VersionOption)))
            says.Append(CultureInfo.InvariantCulture, $"  {option.Name}{(option.HelpName is { } value ? $" {value}" : "")}{(option.Required ? " (needed)" : "")}: {option.Description}\n");
        says.Append('\n');
        foreach (var below in command.Subcommands) Write(says, below, $"{path} {below.Name}");
    }
}
