using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai case-studies export</c>.</summary>
internal static class CaseStudiesExportCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var format = new Option<string>("--format") { DefaultValueFactory = _ => "jsonl", HelpName = "FORMAT", Description = "jsonl, csv (both can be ingested again), wordpress (principles as a file that WordPress imports) or rest (payloads for its REST interface)." };
        var output = new Option<FileInfo?>("--out") { HelpName = "FILE", Description = "Where it goes. Default: standard output." };
        var command = new Command("export", "Write the whole corpus with its tags. Contacts are left out.") { format, output };
        command.Run(environment, async (context, ct) =>
        {
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var all = context.Get<ICaseStudyHistory>().ReadPublished().ToList();
            var catalogue = context.Get<PrincipleCatalogue>();
            var (text, _, _) = CorpusExport.Make(all, context.Get<ITagBook>().TagsOf(all), context.Arguments.GetValue(format)!, id => catalogue[id].Name);
            if (context.Arguments.GetValue(output) is not { } file)
            {
                await context.Out.WriteAsync(text);
                return ExitStatus.Done;
            }

            try
            {
                // Whole or not at all: a full disk leaves what was there.
                var partial = file.FullName + ".partial";
                await File.WriteAllTextAsync(partial, text, ct);
                File.Move(partial, file.FullName, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new BadInputException($"{file.FullName} cannot be written: {e.Message}", e);
            }

            if (context.WantsJson) context.WriteJson(new { file = file.FullName, caseStudies = all.Count });
            else await context.Error.WriteLineAsync(FormattableString.Invariant($"{all.Count} case studies written to {file.FullName}."));
            return ExitStatus.Done;
        });
        return command;
    }
}
