using System.CommandLine;
using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Evaluation.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.Extensions.AI;

namespace CoopAI.Cli;

/// <summary><c>coopai tag</c>: suggests principles for texts.</summary>
internal static class TagCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment) => [Tag(environment), Principles(environment)];

    private static Command Tag(CliEnvironment environment)
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
            what, learn, accept, reject, add, undo, by, reason, batch, output, Queue(environment), CrossValidate(environment),
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
            var tagging = context.Get<TaggingService>();
            var stored = context.Get<SearchCorpus>().Current;
            var text = await ReadAsync(context, name, stored, ct);
            if (!arguments.GetValue(learn))
            {
                Show(context, await tagging.SuggestAsync(text, ct), text.Slug is { } known ? await tagging.GetTagsAsync(known, ct) : null);
                return ExitStatus.Done;
            }

            var slug = StoredSlug(text, stored) ?? throw new BadInputException($"{name} is not a stored case study, and decisions belong to stored ones. Add it first: coopai ingest FILE.");
            var who = arguments.GetValue(by) ?? Environment.UserName;
            var tags = await tagging.GetTagsAsync(slug, ct);
            foreach (var (option, verdict) in new[] { (accept, StaffVerdict.Accepted), (reject, StaffVerdict.Rejected), (add, StaffVerdict.Added) })
            {
                foreach (var id in arguments.GetValue(option) ?? []) tags = await tagging.DecideAsync(slug, id, verdict, who, arguments.GetValue(reason), null, ct);
            }

            foreach (var id in arguments.GetValue(undo) ?? []) tags = await tagging.UndoAsync(slug, id, who, ct);
            var comparison = await tagging.CompareAsync(ct);
            tags = await tagging.GetTagsAsync(slug, ct);
            Show(context, tags!.Suggested, tags, comparison);
            return ExitStatus.Done;
        });
        return tag;

        static Option<string[]> Ids(string option, string description) => new(option) { HelpName = "ID", Description = description };
    }

    /// <summary>A stored slug, a file, or standard input.</summary>
    private static async Task<TaggableText> ReadAsync(CommandContext context, string name, CorpusIndex stored, CancellationToken ct)
    {
        byte[] bytes;
        if (name == "-") bytes = System.Text.Encoding.UTF8.GetBytes(await context.Environment.In.ReadToEndAsync(ct));
        else if (File.Exists(name))
        {
            if (new FileInfo(name).Length > ReadingLimits.DocumentBytes) throw new BadInputException($"{name} has {new FileInfo(name).Length} bytes; at most {ReadingLimits.DocumentBytes} are read.");
            bytes = await File.ReadAllBytesAsync(name, ct);
        }
        else if (stored.Find(name)?.CaseStudy is { } caseStudy) return TaggableText.Of(caseStudy);
        else throw new BadInputException($"\"{name}\" is neither a file nor the slug of a stored case study.");

        var start = bytes.AsSpan(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0).TrimStart(" \t\r\n"u8);
        if (start is not [(byte)'{', ..] || start.StartsWith("{\\rtf"u8))
        {
            // Of a page or a document its text alone; plain text is weighed as it stands.
            var (title, read) = context.Get<CaseStudyImporter>().ReadTextOf(bytes, name == "-" ? "standard input" : name);
            if (read.Length > CaseStudyReader.MaxLineBytes) throw new BadInputException($"The text has {read.Length} characters; at most {CaseStudyReader.MaxLineBytes} are read.");
            return new TaggableText(null, title ?? "", read);
        }

        var text = System.Text.Encoding.UTF8.GetString(start);
        if (text.Length > CaseStudyReader.MaxLineBytes) throw new BadInputException($"The text has {text.Length} characters; at most {CaseStudyReader.MaxLineBytes} are read.");
        // A case study as JSON: its title counts, its published principles do not.
        var reading = CaseStudyReader.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(OneLine(text))), name);
        return reading switch
        {
            { Problems: [var problem, ..] } => throw new BadInputException(problem.ToString()),
            { CaseStudies: [var one] } => TaggableText.Of(one),
            _ => throw new BadInputException($"{name} holds {reading.CaseStudies.Count} case studies. Tag many with: coopai tag --batch {name}"),
        };
    }

    // An indented document is one case study; several documents stand one a line.
    private static string OneLine(string text)
    {
        try
        {
            return System.Text.Json.JsonSerializer.Serialize(System.Text.Json.JsonDocument.Parse(text).RootElement);
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }

    private static string? StoredSlug(TaggableText text, CorpusIndex stored) =>
        text.Slug is { } slug && stored.Find(slug) is not null ? slug
        : stored.CaseStudies.Select(c => c.CaseStudy).FirstOrDefault(c => TaggableText.Of(c).Fingerprint == text.Fingerprint)?.Slug;

    private static async Task<int> BatchAsync(CommandContext context, string source, string output, CancellationToken ct)
    {
        await CorpusCommands.OpenCorpusAsync(context, ct);
        var result = await new TagBatch(context.Get<TaggingService>(), context.Get<CaseStudyImporter>(), context.Error).RunAsync(source, output, ct);
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

    private static Command Principles(CliEnvironment environment)
    {
        var principles = new Command("principles", "List the ten co-operative principles.") { Gaps(environment), Audit(environment), Prior(environment) };
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

    private static Command Gaps(CliEnvironment environment)
    {
        var command = new Command("gaps", "Count precedents per principle, topic and year, and name where there are few.");
        command.Run(environment, async (context, ct) =>
        {
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var coverage = await context.Get<TaggingService>().GetCoverageAsync(ct);
            if (context.WantsJson)
            {
                context.WriteJson(coverage);
                return ExitStatus.Done;
            }

            context.Out.WriteLine(FormattableString.Invariant($"{coverage.CaseStudies} case studies, {coverage.Undated} of them undated"));
            context.Out.WriteLine("precedents  published  suggested  decided  principle");
            foreach (var p in coverage.Principles) context.Out.WriteLine(FormattableString.Invariant($"{p.Total.Precedents,10}  {p.Total.Published,9}  {p.Total.Suggested,9}  {p.Total.Decided,7}  {p.Id}"));
            if (coverage.Gaps.Count > 0) context.Out.WriteLine("Thin:");
            foreach (var gap in coverage.Gaps.Take(20)) context.Out.WriteLine(FormattableString.Invariant($"  {gap.Principle} with topic \"{gap.Topic}\": {gap.Precedents} of {gap.Of}"));
            if (coverage.Gaps.Count > 20) context.Out.WriteLine(FormattableString.Invariant($"  and {coverage.Gaps.Count - 20} more; see --json"));
            return ExitStatus.Done;
        });
        return command;
    }

    private static Command Queue(CliEnvironment environment)
    {
        var top = Top();
        var command = new Command("queue", "Undecided tags of the stored case studies, the most uncertain first.") { top };
        command.Run(environment, async (context, ct) =>
        {
            var count = Top(context, top);
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var queue = await context.Get<TaggingService>().GetQueueAsync(ct);
            if (context.WantsJson)
            {
                context.WriteJson(new { total = queue.Count, tags = queue.Take(count) });
                return ExitStatus.Done;
            }

            context.Out.WriteLine(FormattableString.Invariant($"{queue.Count} undecided tags; the most uncertain {Math.Min(count, queue.Count)}:"));
            foreach (var tag in queue.Take(count))
            {
                context.Out.WriteLine(FormattableString.Invariant($"{tag.Probability:P0}  {tag.Principle}: {Word(tag.Suggested)}{(tag.Published is { } on ? on ? ", on the page" : ", not on the page" : "")} – {tag.Title} ({tag.Slug})"));
                foreach (var evidence in tag.Evidence.Take(1)) context.Out.WriteLine($"      “{evidence.Sentence}”");
            }

            if (queue.Count > 0) context.Out.WriteLine($"Decide with: coopai tag {queue[0].Slug} --learn --accept {queue[0].Principle} (or --reject)");
            return ExitStatus.Done;

            static string Word(TagDecision decision) => decision switch { TagDecision.Yes => "suggested", TagDecision.Unsure => "unsure", _ => "not suggested" };
        });
        return command;
    }

    private static Option<int> Top() => new("--top") { DefaultValueFactory = _ => 10, Description = "How many rows, 1 to 10,000." };

    private static int Top(CommandContext context, Option<int> option)
    {
        var count = context.Arguments.GetValue(option);
        return count is >= 1 and <= 10_000 ? count : throw new BadInputException($"--top {count} is out of range: ask for 1 to 10,000.");
    }

    private static Command Audit(CliEnvironment environment)
    {
        var top = Top();
        var command = new Command("audit", "Where published, suggested and decided tags disagree, the surest first.") { top };
        command.Run(environment, async (context, ct) =>
        {
            var count = Top(context, top);
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var rows = await context.Get<TaggingService>().GetAuditAsync(ct);
            if (context.WantsJson)
            {
                context.WriteJson(new { total = rows.Count, rows = rows.Take(count) });
                return ExitStatus.Done;
            }

            context.Out.WriteLine(FormattableString.Invariant($"{rows.Count} disagreements; the surest {Math.Min(count, rows.Count)}:"));
            foreach (var row in rows.Take(count))
            {
                var finding = row.Finding switch
                {
                    AuditFinding.LikelyMissing => "likely missing on the page",
                    AuditFinding.LikelyUnsupported => "on the page, but no sentence shows it; nearest",
                    _ => "staff decided otherwise",
                };
                context.Out.WriteLine(FormattableString.Invariant($"{row.Probability:P0}  {row.Principle}: {finding} – {row.Title} ({row.Slug})"));
                foreach (var evidence in row.Evidence.Take(1)) context.Out.WriteLine($"      “{evidence.Sentence}”");
            }

            return ExitStatus.Done;
        });
        return command;
    }

    /// <summary>The table of docs/adr/0005-tagging.md.</summary>
    private static Command CrossValidate(CliEnvironment environment)
    {
        var labels = new Option<FileInfo>("--labels") { Required = true, HelpName = "FILE", Description = "Labelled case studies, JSON lines." };
        var against = new Option<FileInfo?>("--against") { HelpName = "FILE", Description = "Score against these labels of the same case studies, such as the published lists in corpus/case-studies.jsonl." };
        var folds = new Option<int>("--folds") { DefaultValueFactory = _ => 5, Description = "Folds, 2 or more." };
        var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 5, Description = "Repeats, each with folds of its own." };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var settings = new Option<FileInfo?>("--settings") { HelpName = "FILE", Description = "Other training settings than the shipped ones, as JSON (for developers)." };
        var command = new Command("cross-validate", "Measure the tagger on labelled texts by repeated cross-validation.") { labels, against, folds, repeats, seed, settings };
        command.Run(environment, async (context, ct) =>
        {
            var reader = await ReaderAsync(context, ct);
            var examples = await ExamplesAsync(reader, context.Arguments.GetRequiredValue(labels).FullName, ct);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var runs = TaggingCrossValidation.Run(reader, examples.Select(e => e.Example).ToList(), TaggingPrior.Shipped, context.Arguments.GetValue(folds), context.Arguments.GetValue(repeats), context.Arguments.GetValue(seed), Settings(context.Arguments.GetValue(settings)));
            context.Error.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s");
            IReadOnlyList<LabelledText> truth = context.Arguments.GetValue(against) is { } other ? LabelledText.ReadFile(other.FullName) : [.. examples.Select(e => e.Labelled)];
            var slugs = runs.Select(r => r.Example.Key).ToHashSet(StringComparer.Ordinal);
            truth = [.. truth.Where(t => slugs.Contains(t.CaseStudy.Slug) && t.Labels.Count > 0)];
            if (truth.Count == 0) throw new BadInputException("--against holds labels of none of these case studies.");
            var scored = truth.Select(t => t.CaseStudy.Slug).ToHashSet(StringComparer.Ordinal);
            var report = TaggingReport.Of([.. runs.Where(r => scored.Contains(r.Example.Key))], truth);
            if (context.WantsJson) context.WriteJson(report);
            else context.Out.Write(report.ToTable());
            return ExitStatus.Done;
        });
        return command;
    }

    private static TaggerSettings Settings(FileInfo? file)
    {
        if (file is null) return new TaggerSettings();
        try
        {
            return System.Text.Json.JsonSerializer.Deserialize<TaggerSettings>(File.ReadAllText(file.FullName), CoopJson.Options) ?? throw new BadInputException($"{file} holds null instead of settings.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            throw new BadInputException($"{file} cannot be used as settings: {e.Message}", e);
        }
    }

    private static Command Prior(CliEnvironment environment)
    {
        var labels = new Option<FileInfo>("--labels") { Required = true, HelpName = "FILE", Description = "Labelled texts, JSON lines, that are not the Network's." };
        var output = new Option<FileInfo>("--out") { Required = true, HelpName = "FILE", Description = "Where the weights go: src/CoopAI.Core/Tagging/Learning/tagging-prior.json." };
        var provenance = new Option<string>("--provenance") { Required = true, HelpName = "TEXT", Description = "Where the texts come from and under which licence." };
        var command = new Command("prior", "Make the weights that the tagger starts from (for developers).") { labels, output, provenance };
        command.Run(environment, async (context, ct) =>
        {
            var reader = await ReaderAsync(context, ct);
            var examples = await ExamplesAsync(reader, context.Arguments.GetRequiredValue(labels).FullName, ct);
            var prior = TaggerTrainer.TrainPrior(reader, examples.Select(e => e.Example).ToList(), context.Arguments.GetRequiredValue(provenance));
            await File.WriteAllTextAsync(context.Arguments.GetRequiredValue(output).FullName, prior.ToJson() + "\n", ct);
            context.Error.WriteLine($"Learned from {examples.Count} texts.");
            return ExitStatus.Done;
        });
        return command;
    }

    private static Task<TaggableTextReader> ReaderAsync(CommandContext context, CancellationToken ct) =>
        TaggableTextReader.CreateAsync(context.Get<PrincipleCatalogue>(), context.Get<IEmbeddingGenerator<string, Embedding<float>>>(), ct);

    private static async Task<List<(LabelledText Labelled, TaggingExample Example)>> ExamplesAsync(TaggableTextReader reader, string path, CancellationToken ct)
    {
        var labelled = LabelledText.ReadFile(path);
        var read = await reader.ReadAsync([.. labelled.Select(l => TaggableText.Of(l.CaseStudy))], ct);
        return [.. labelled.Select((l, i) => (l, l.ToExample(read[i])))];
    }
}
