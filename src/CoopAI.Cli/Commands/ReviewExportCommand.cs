using System.CommandLine;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Reviews;
using CoopAI.Core.Statistics;
using CoopAI.Orchestration.Reviewing;
using static CoopAI.Cli.Commands.ReviewCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai reviews export</c>.</summary>
internal static class ReviewExportCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var csv = new Option<bool>("--csv") { Description = "A table for a spreadsheet instead of JSON." };
        var command = new Command("export", "Print all reviews, replaced ones included.") { csv };
        command.Run(environment, async (context, _) =>
        {
            var book = context.Get<ReviewBook>();
            if (context.Arguments.GetValue(csv)) await context.Out.WriteAsync(book.ExportCsv());
            else context.WriteJson(new { reviews = book.All() });
            return ExitStatus.Done;
        });
        return command;
    }
}
