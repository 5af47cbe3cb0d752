using System.CommandLine;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai case-studies</c>: one case study at a time, and the whole corpus as a file. Adding and editing is <c>coopai ingest</c>.</summary>
internal static class CaseStudyCommands
{
    public static Command Create(CliEnvironment environment) => new("case-studies", "Withdraw, restore and merge case studies; write the whole corpus as a file. Add and edit with: coopai ingest FILE")
    {
        CaseStudiesExportCommand.Create(environment), CaseStudiesHistoryCommand.Create(environment), CaseStudiesChangeCommand.CreateWithdraw(environment),
        CaseStudiesChangeCommand.CreateRestore(environment), CaseStudiesMergeCommand.Create(environment), CaseStudiesChangeCommand.CreatePart(environment),
    };

    internal static Argument<string> Slug() => new("SLUG") { Description = "The case study's name, as in its address." };

    internal static Option<string?> By() => new("--by") { HelpName = "NAME", Description = "Who changes it. Default: the name of the account." };
}
