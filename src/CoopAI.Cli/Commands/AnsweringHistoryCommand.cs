using System.CommandLine;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Statistics;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai reviews history</c>.</summary>
internal static class AnsweringHistoryCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var setting = new Argument<string?>("SETTING") { Description = "One setting, or \"guidance\"; without it, all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("history", "List every change with its author and reason, newest first.") { setting };
        command.Run(environment, (context, _) =>
        {
            var book = context.Get<SettingsBook>();
            var history = book.History(context.Arguments.GetValue(setting));
            if (context.WantsJson)
            {
                context.WriteJson(new { answering = book.Get() is null ? "on" : "off", history });
                return Task.FromResult(ExitStatus.Done);
            }
            foreach (var c in history)
                context.Out.WriteLine($"{c.Entry,7}  {LedgerCommands.Clock(c.At)}  {c.Setting}: {Show(c.From)} → {Show(c.To)}  {c.Author ?? "[not kept]"}: {c.Reason ?? "[not kept]"}");
            if (history.Count == 0) context.Out.WriteLine("Nothing was changed yet.");
            return Task.FromResult(ExitStatus.Done);

            static string Show(JsonNode? value) => value?.ToJsonString(CoopJson.Options) ?? "not set";
        });
        return command;
    }
}
