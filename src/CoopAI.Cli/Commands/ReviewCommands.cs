using System.CommandLine;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Reviews;
using CoopAI.Core.Statistics;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai reviews</c> and <c>coopai settings</c>: what members say of answers, and what people changed while the service ran.</summary>
internal static class ReviewCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return new Command("reviews", "Members' reviews of answers and of rules' verdicts.")
        {
            ReviewAddCommand.Create(environment),
            ReviewListCommand.Create(environment),
            ReviewAgreementCommand.Create(environment),
            ReviewSampleCommand.Create(environment),
            ReviewExportCommand.Create(environment),
        };
        yield return new Command("settings", "Settings changed while the service runs, with who changed them and why.")
        {
            AnsweringHistoryCommand.Create(environment),
            AnsweringSwitchCommand.Create(environment, on: false),
            AnsweringSwitchCommand.Create(environment, on: true),
        };
    }
}
