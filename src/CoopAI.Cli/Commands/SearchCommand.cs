using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using static CoopAI.Cli.Commands.SearchCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai search</c>.</summary>
internal static class SearchCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var text = new Argument<string>("TEXT") { Description = "A question or a few words." };
        var top = new Option<int>("--top") { Description = "How many case studies, 1 to 100.", DefaultValueFactory = _ => 10 };
        var filters = new FilterOptions();
        var command = new Command("search", "Find case studies.") { text, top };
        filters.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var request = new SearchRequest(context.Arguments.GetValue(text)!, filters.Read(context), context.Arguments.GetValue(top));
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var result = await context.Get<Retriever>().SearchAsync(request, ct);
            if (context.WantsJson)
            {
                context.WriteJson(SearchView.Of(result, context.Get<ITagBook>()));
                return ExitStatus.Done;
            }

            if (result.Hits.Count == 0) await context.Out.WriteLineAsync("No case study matches. Use other words, or fewer filters.");
            Print(context, result.Hits);
            if (result.Hits.Count == 0 && result.NearMisses.Count > 0)
            {
                await context.Out.WriteLineAsync("Nearest titles:");
                foreach (var near in result.NearMisses) await context.Out.WriteLineAsync($"  {near.CaseStudy.Title} ({near.CaseStudy.Slug})");
            }

            if (result.Store is { } store) await context.Out.WriteLineAsync($"Passage store: {store}");
            return ExitStatus.Done;
        });
        return command;
    }
}
