using System.CommandLine;
using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;

namespace CoopAI.Cli;

/// <summary><c>coopai search</c> and <c>coopai similar</c>.</summary>
internal static class SearchCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return Search(environment);
        yield return Similar(environment);
    }

    /// <summary>The filters that searches and questions share.</summary>
    internal sealed class FilterOptions
    {
        public Option<string[]> Principle { get; } = new("--principle") { Description = "Only case studies that publish this principle (an id; see: coopai principles). May be repeated.", HelpName = "ID" };

        public Option<string[]> Council { get; } = new("--council") { Description = "Only case studies of this council, leading or taking part. May be repeated.", HelpName = "NAME" };

        public Option<string?> Year { get; } = new("--year") { Description = "Only these years, as 2019 or 2018..2022 or 2020.. (undated ones then drop out).", HelpName = "A..B" };

        public Option<string[]> Topic { get; } = new("--topic") { Description = "Only this topic. May be repeated.", HelpName = "NAME" };

        public Option<string[]> Kind { get; } = new("--kind") { Description = "Only this kind: case-study or project. May be repeated.", HelpName = "NAME" };

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { Principle, Council, Year, Topic, Kind }) command.Add(option);
        }

        public SearchFilter Read(CommandContext context)
        {
            var arguments = context.Arguments;
            var (from, to) = YearRange.Parse(arguments.GetValue(Year));
            var filter = new SearchFilter(arguments.GetValue(Principle), arguments.GetValue(Council), from, to, arguments.GetValue(Kind), arguments.GetValue(Topic));
            return filter.Principles?.FirstOrDefault(p => !PrincipleIds.Contains(p)) is { } unknown
                ? throw new BadInputException($"--principle \"{unknown}\" is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.")
                : filter;
        }
    }

    private static Command Search(CliEnvironment environment)
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

            return ExitStatus.Done;
        });
        return command;
    }

    private static Command Similar(CliEnvironment environment)
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

    private static void Print(CommandContext context, IReadOnlyList<SearchHit> hits)
    {
        var tagsOf = context.Get<ITagBook>().TagsOf([.. hits.Select(h => h.CaseStudy)]);
        foreach (var hit in hits)
        {
            var c = hit.CaseStudy;
            context.Out.WriteLine(FormattableString.Invariant($"{hit.Score:0.00}  {c.Title} – {c.LeadMember ?? "lead council not stated"} ({c.Year?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "undated"})"));
            context.Out.WriteLine($"      {c.Slug}");
            foreach (var (kind, ids) in tagsOf[c.Slug].Kinds()) context.Out.WriteLine($"      Principles {kind}: {string.Join(", ", ids)}");
            if (hit.Passages is [{ BestSentence: { } best }, ..]) context.Out.WriteLine($"      {best.In(c.Text)}");
        }
    }
}
