using System.CommandLine;
using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using static CoopAI.Cli.Commands.SearchCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai similar</c>.</summary>
internal static class SimilarCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var what = new Argument<string>("SLUG|FILE") { Description = "A stored case study's slug, or a file with a draft text." };
        var top = new Option<int>("--top") { Description = "How many, 1 to 100.", DefaultValueFactory = _ => 10 };
        var command = new Command("similar", "Find case studies like one that is stored, or like a draft.") { what, top };
        command.Run(environment, async (context, ct) =>
        {
            var name = context.Arguments.GetValue(what)!;
            var wanted = context.Arguments.GetValue(top);
            if (wanted is < 1 or > RetrievalOptions.MaxTop) throw new BadInputException($"--top {wanted} is out of range: ask for 1 to {RetrievalOptions.MaxTop}.");
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var retriever = context.Get<Retriever>();
            var isStored = context.Get<SearchCorpus>().Current.Find(name) is not null;
            if (!isStored && !File.Exists(name))
                throw new BadInputException($"\"{name}\" is neither the slug of a stored case study nor a file. Find slugs with: coopai search \"TEXT\".");
            var hits = isStored ? retriever.Similar(name, wanted) : await retriever.SimilarToDraftAsync(Draft(context, name), context.Get<CaseStudyIndexer>(), wanted, ct);
            if (context.WantsJson) context.WriteJson(new { similarTo = name, hits = SearchView.HitsOf(hits, context.Get<ITagBook>()) });
            else Print(context, hits);
            return ExitStatus.Done;
        });
        return command;
    }

    private static CaseStudy Draft(CommandContext context, string path)
    {
        var info = new FileInfo(path);
        if (info.Length > ReadingLimits.DocumentBytes) throw new BadInputException($"{path} has {info.Length} bytes; at most {ReadingLimits.DocumentBytes} are read.");
        var (title, text) = context.Get<CaseStudyImporter>().ReadTextOf(File.ReadAllBytes(path), path);
        return string.IsNullOrWhiteSpace(text) ? throw new BadInputException($"{path} is empty.") : new CaseStudy { Slug = "draft", Title = title ?? "", Text = text };
    }
}
