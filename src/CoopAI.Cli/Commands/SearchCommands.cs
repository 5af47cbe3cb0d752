using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai search</c> and <c>coopai similar</c>.</summary>
internal static class SearchCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return SearchCommand.Create(environment);
        yield return SimilarCommand.Create(environment);
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
                : filter.Checked();
        }
    }

    internal static void Print(CommandContext context, IReadOnlyList<SearchHit> hits)
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
