using System.CommandLine;
using CoopAI.Core.Corpus;

namespace CoopAI.Cli;

/// <summary><c>coopai principles</c> and the commands that read and change the corpus.</summary>
internal static class CorpusCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        var principles = new Command("principles", "List the ten co-operative principles.");
        principles.Run(environment, (context, _) =>
        {
            if (context.WantsJson) context.WriteJson(new { principles = PrincipleIds.All.Select(id => new { id }) });
            else foreach (var id in PrincipleIds.All) context.Out.WriteLine(id);
            return Task.FromResult(ExitStatus.Done);
        });
        return [principles];
    }
}
