using System.CommandLine;
using System.Text;
using System.Text.Json;
using CoopAI.Adapters;
using CoopAI.Adapters.Models;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using static CoopAI.Cli.Commands.GuidanceCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai guidance list</c>.</summary>
internal static class GuidanceListCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var folder = Folder();
        var command = new Command("list", "Show the rules, their settings and their version.") { folder };
        command.Run(environment, (context, _) =>
        {
            var framework = Load(context, context.Arguments.GetValue(folder));
            if (context.WantsJson) context.WriteJson(GuidanceView.Of(framework));
            else Print(context.Out, framework);
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
