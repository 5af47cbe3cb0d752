using System.CommandLine;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Reviews;
using CoopAI.Core.Statistics;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai reviews switch</c>.</summary>
internal static class AnsweringSwitchCommand
{
    public static Command Create(CliEnvironment environment, bool on)
    {
        var (by, reason) = LedgerCommands.Author();
        var command = new Command(on ? "on" : "off", on ? "Switch answering on again." : "Switch answering off: every door then refuses questions and shows the reason.") { by, reason };
        command.Run(environment, (context, _) =>
        {
            var change = context.Get<SettingsBook>().Switch(on, context.Arguments.GetValue(by)!, context.Arguments.GetValue(reason)!);
            if (context.WantsJson) context.WriteJson(change);
            else context.Out.WriteLine($"Answering is {(on ? "on" : "off")} (entry {change.Entry}).");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
