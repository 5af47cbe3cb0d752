using System.CommandLine;
using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Orchestration.Tagging;
using static CoopAI.Cli.Commands.TagCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai tag</c>.</summary>
internal static class TagCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var what = new Argument<string?>("FILE|-") { Arity = ArgumentArity.ZeroOrOne, Description = "A text, HTML, Word, PDF or one case study as JSON; \"-\" for standard input; or the slug of a stored case study." };
        var learn = new Option<bool>("--learn") { Description = "Record decisions on a stored case study, so that the tagger learns from them." };
        var accept = Ids("--accept", "With --learn: this tag is right.");
        var reject = Ids("--reject", "With --learn: the text does not show this principle.");
        var add = Ids("--add", "With --learn: the text shows this principle though it was not suggested.");
        var undo = Ids("--undo", "With --learn: take the decision on this tag back.");
        var by = new Option<string?>("--by") { HelpName = "NAME", Description = "With --learn: who decides. Default: the name of the account." };
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "With --learn: why." };
        var batch = new Option<string?>("--batch") { HelpName = "FOLDER|FILE", Description = "Tag every text of a folder, or every line of a JSON-lines file. Run again to go on." };
        var output = new Option<FileInfo?>("--out") { HelpName = "FILE", Description = "With --batch: where the JSON lines go; a CSV is written beside it. Default: tags.jsonl." };
        var tag = new Command("tag", "Suggest which of the ten principles a text shows at work, each with its sentence.")
        {
            what, learn, accept, reject, add, undo, by, reason, batch, output, TagQueueCommand.Create(environment), TagCrossValidateCommand.Create(environment),
        };
        tag.Run(environment, async (context, ct) =>
        {
            var arguments = context.Arguments;
            if (arguments.GetValue(batch) is { } source) return await BatchAsync(context, source, arguments.GetValue(output)?.FullName ?? Path.GetFullPath("tags.jsonl"), ct);
            foreach (var option in new[] { accept, reject, add, undo })
            {
                var ids = arguments.GetValue(option) ?? [];
                if (ids.Length > 0 && !arguments.GetValue(learn)) throw new BadInputException($"{option.Name} needs --learn.");
                if (ids.FirstOrDefault(id => !PrincipleIds.Contains(id)) is { } unknown)
                    throw new BadInputException($"{option.Name} \"{unknown}\" is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.");
            }

            var name = arguments.GetValue(what) ?? throw new BadInputException("What is to be tagged? Give a file, \"-\" for standard input, or the slug of a stored case study.");
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var (trained, tagDesk, measures) = (context.Get<TrainedTagger>(), context.Get<TagDesk>(), context.Get<TagMeasures>());
            var stored = context.Get<SearchCorpus>().Current;
            var text = await ReadAsync(context, name, stored, ct);
            if (!arguments.GetValue(learn))
            {
                Show(context, await trained.SuggestAsync(text, ct), text.Slug is { } known ? await trained.GetTagsAsync(known, ct) : null);
                return ExitStatus.Done;
            }

            var slug = StoredSlug(text, stored) ?? throw new BadInputException($"{name} is not a stored case study, and decisions belong to stored ones. Add it first: coopai ingest FILE.");
            var who = arguments.GetValue(by) ?? Environment.UserName;
            var tags = await trained.GetTagsAsync(slug, ct);
            foreach (var (option, verdict) in new[] { (accept, StaffVerdict.Accepted), (reject, StaffVerdict.Rejected), (add, StaffVerdict.Added) })
            {
                foreach (var id in arguments.GetValue(option) ?? []) tags = await tagDesk.DecideAsync(slug, id, verdict, who, arguments.GetValue(reason), null, ct);
            }

            foreach (var id in arguments.GetValue(undo) ?? []) tags = await tagDesk.UndoAsync(slug, id, who, ct);
            var comparison = await measures.CompareAsync(ct);
            tags = await trained.GetTagsAsync(slug, ct);
            Show(context, tags!.Suggested, tags, comparison);
            return ExitStatus.Done;
        });
        return tag;

        static Option<string[]> Ids(string option, string description) => new(option) { HelpName = "ID", Description = description };
    }

    private static string? StoredSlug(TaggableText text, CorpusIndex stored) =>
        text.Slug is { } slug && stored.Find(slug) is not null ? slug
        : stored.CaseStudies.Select(c => c.CaseStudy).FirstOrDefault(c => TaggableText.Of(c).Fingerprint == text.Fingerprint)?.Slug;

    private static async Task<int> BatchAsync(CommandContext context, string source, string output, CancellationToken ct)
    {
        await CorpusCommands.OpenCorpusAsync(context, ct);
        var result = await new TagBatch(context.Get<TrainedTagger>(), context.Get<CaseStudyImporter>(), context.Error).RunAsync(source, output, ct);
        foreach (var problem in result.Problems) await context.Error.WriteLineAsync(problem.ToString());
        if (context.WantsJson) context.WriteJson(new { result.Tagged, result.AlreadyDone, output, csv = Path.ChangeExtension(output, ".csv"), result.Problems });
        else await context.Out.WriteLineAsync($"{result.Tagged} tagged, {result.AlreadyDone} were done already, {result.Problems.Count} could not be read. See {output} and {Path.ChangeExtension(output, ".csv")}.");
        return result.Problems.Count > 0 ? ExitStatus.CheckFailed : ExitStatus.Done;
    }

    private static void Show(CommandContext context, TagSuggestion suggestion, CaseTags? stored, DecisionComparison? comparison = null)
    {
        if (context.WantsJson)
        {
            context.WriteJson(stored is null ? TagAnswer.Of(suggestion) : TagAnswer.Of(stored with { Suggested = suggestion }, comparison));
            return;
        }

        var catalogue = context.Get<PrincipleCatalogue>();
        if (suggestion.Note is not null) context.Out.WriteLine(suggestion.Note);
        foreach (var decision in new[] { TagDecision.Yes, TagDecision.Unsure })
        {
            var tags = suggestion.Tags.Where(t => t.Decision == decision).OrderByDescending(t => t.Probability).ToList();
            if (tags.Count == 0) continue;
            context.Out.WriteLine(decision is TagDecision.Yes ? "Suggested" : "Not sure");
            foreach (var tag in tags)
            {
                context.Out.WriteLine(FormattableString.Invariant($"  {tag.Probability:P0}  {catalogue[tag.Id].Name} ({tag.Id})"));
                foreach (var evidence in tag.Evidence) context.Out.WriteLine($"        “{evidence.Sentence}”");
                if (tag.Neighbours.Count > 0) context.Out.WriteLine($"        Like: {string.Join(", ", tag.Neighbours)}");
            }
        }

        var no = suggestion.Tags.Where(t => t.Decision is TagDecision.No).Select(t => t.Id).ToList();
        if (suggestion.Note is null && no.Count > 0) context.Out.WriteLine($"No sentence shows: {string.Join(", ", no)}");
        if (stored is not null)
        {
            context.Out.WriteLine(stored.Published is { } published ? $"Published on the page (declared by the council): {(published.Count == 0 ? "none" : string.Join(", ", published))}" : "Published on the page: not known");
            foreach (var d in stored.Decided) context.Out.WriteLine(FormattableString.Invariant($"Decided: {d.Principle} {d.Verdict.ToString().ToLowerInvariant()} by {d.By} on {d.At:yyyy-MM-dd}{(d.Reason is { } why ? $" ({why})" : "")}"));
        }

        if (comparison is not null) context.Out.WriteLine(comparison.Summary);
        context.Out.WriteLine($"Tagger version {suggestion.Version}");
    }
}
