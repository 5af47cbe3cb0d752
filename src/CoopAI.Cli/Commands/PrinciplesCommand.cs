using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Evaluation.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.Extensions.AI;
using static CoopAI.Cli.Commands.TagCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai principles</c>.</summary>
internal static class PrinciplesCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var principles = new Command("principles", "List the ten co-operative principles.") { PrinciplesGapsCommand.Create(environment), TagAuditCommand.Create(environment), TagPriorCommand.Create(environment) };
        principles.Run(environment, (context, _) =>
        {
            var catalogue = context.Get<PrincipleCatalogue>();
            if (context.WantsJson) context.WriteJson(new { principles = catalogue.Principles.Select(p => new { p.Id, p.Name, p.Description, p.TagWhen, p.NotWhen }), version = catalogue.Hash[..16] });
            else
            {
                foreach (var p in catalogue.Principles) context.Out.WriteLine($"{p.Id}\n  {p.Name}. {p.Description}");
            }

            return Task.FromResult(ExitStatus.Done);
        });
        return principles;
    }
}
