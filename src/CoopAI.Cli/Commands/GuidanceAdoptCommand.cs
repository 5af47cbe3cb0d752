using System.CommandLine;
using CoopAI.Core.Guidance;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai guidance adopt</c>.</summary>
internal static class GuidanceAdoptCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var by = new Option<string>("--by") { Description = "Who changed the guidance.", Required = true, HelpName = "NAME" };
        var reason = new Option<string>("--reason") { Description = "Why, in a sentence that members will read.", Required = true, HelpName = "TEXT" };
        var command = new Command("adopt", "Put a changed framework on record, so that it comes into force.") { by, reason };
        command.Run(environment, (context, _) =>
        {
            var adopted = context.Get<GuidanceOnRecord>().Adopt(context.Arguments.GetValue(by), context.Arguments.GetValue(reason));
            var version = context.Get<GuidanceFramework>().Version;
            if (context.WantsJson) context.WriteJson(new { version, adopted });
            else context.Out.WriteLine(adopted ? $"On record now: {version}." : $"{version} is on record already; nothing was changed.");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
