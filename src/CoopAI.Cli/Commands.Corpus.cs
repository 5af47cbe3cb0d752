using System.CommandLine;
using CoopAI.Adapters;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using Spectre.Console;

namespace CoopAI.Cli;

/// <summary><c>coopai ingest</c>: the commands that change the corpus.</summary>
internal static class CorpusCommands
{
    // A file that is no JSON lines at all would fill the screen.
    private const int MostShown = 50;

    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return Ingest(environment);
    }

    /// <summary>Loads the shipped case studies at the first start and takes over what other processes changed since.</summary>
    public static async Task<CorpusService> OpenCorpusAsync(CommandContext context, CancellationToken ct)
    {
        var corpus = context.Get<CorpusService>();
        var loaded = await context.WithProgressAsync("Loading the shipped case studies", progress => corpus.LoadShippedAsync(ProductFiles.Corpus, progress, ct));
        // A process that was killed, or an older version, may have left case studies without suggestions.
        if (loaded is not null || !context.Get<TagBook>().HasSuggestions) await context.Get<TaggingService>().UpdateAsync(ct);
        return corpus;
    }

    private static Command Ingest(CliEnvironment environment)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files of case studies, one JSON object a line.", Arity = ArgumentArity.OneOrMore };
        var prune = new Option<bool>("--prune") { Description = "Also remove what is stored but not in these files." };
        var command = new Command("ingest", "Add or update case studies. Unchanged ones cost nothing.") { paths, prune };
        command.Run(environment, async (context, ct) =>
        {
            var readings = new List<CaseStudyReading>();
            foreach (var path in context.Arguments.GetValue(paths)!)
            {
                if (Uri.TryCreate(path, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                    throw new BadInputException($"{path} is an address. Reading pages from the web is not built yet: save the case study as a line of JSON and give the file.");
                if (Directory.Exists(path)) throw new BadInputException($"{path} is a directory. Give the files in it, for example {Path.Combine(path, "*.jsonl")}.");
                readings.Add(CaseStudyReader.ReadFile(path));
            }

            var problems = readings.SelectMany(r => r.Problems).ToList();
            var caseStudies = readings.SelectMany(r => r.CaseStudies).ToList();
            if (caseStudies.CountBy(c => c.Slug).FirstOrDefault(c => c.Value > 1) is { Key: { } twice })
                throw new BadInputException($"The slug \"{twice}\" stands in more than one of these files. Give each case study once.");
            foreach (var problem in problems.Take(MostShown)) await context.Error.WriteLineAsync(problem.ToString());
            if (problems.Count > MostShown) await context.Error.WriteLineAsync($"{problems.Count - MostShown} more lines have problems; --json lists them all.");
            var wantsPrune = context.Arguments.GetValue(prune);
            if (wantsPrune && problems.Count > 0)
                throw new BadInputException("Nothing was changed: --prune would remove the case studies whose lines could not be read. Mend the lines named above, or leave --prune out.");
            if (wantsPrune && caseStudies.Count == 0) throw new BadInputException("Nothing was changed: these files hold no case study, and --prune would remove everything.");

            var corpus = context.Get<CorpusService>();
            var report = await context.WithProgressAsync("Reading case studies", progress =>
                corpus.IngestAsync(caseStudies, string.Join(", ", context.Arguments.GetValue(paths)!.Select(Path.GetFileName)), wantsPrune, progress, ct));
            if (report.Added + report.Changed + report.Removed > 0)
            {
                await corpus.RefreshAsync(ct);
                await context.Get<TaggingService>().UpdateAsync(ct);
            }

            if (context.WantsJson) context.WriteJson(new { report.Added, report.Changed, report.Unchanged, report.Removed, problems });
            else await context.Out.WriteLineAsync($"{report.Added} added, {report.Changed} changed, {report.Unchanged} unchanged, {report.Removed} removed, {problems.Count} lines with problems.");
            if (corpus.StoreFault is { } fault)
            {
                await context.Error.WriteLineAsync($"The case studies are stored, but the passage index waits: {fault.Message}");
                return ExitStatus.ServiceAway;
            }

            return problems.Count > 0 ? ExitStatus.CheckFailed : ExitStatus.Done;
        });
        return command;
    }

    /// <summary>Shows a bar on standard error while <paramref name="work"/> reports; plain lines when it is not a terminal.</summary>
    internal static async Task<T> WithProgressAsync<T>(this CommandContext context, string title, Func<IProgress<IngestProgress>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        if (!console.Profile.Capabilities.Interactive)
            return await work(new PlainProgress(context.Error, title));

        return await console.Progress().AutoClear(true).HideCompleted(true).StartAsync(async bars =>
        {
            ProgressTask? bar = null;
            return await work(new Reporter(p =>
            {
                bar ??= bars.AddTask(Markup.Escape(title), maxValue: p.Total);
                bar.Value = p.Done;
            }));
        });
    }

    // System.Progress would report on another thread, after the line that follows it.
    private sealed class Reporter(Action<IngestProgress> report) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => report(value);
    }

    private sealed class PlainProgress(TextWriter error, string title) : IProgress<IngestProgress>
    {
        private int _lastTenth;

        public void Report(IngestProgress value)
        {
            var tenth = 10 * value.Done / Math.Max(1, value.Total);
            if (tenth == _lastTenth) return;
            _lastTenth = tenth;
            error.WriteLine(FormattableString.Invariant($"{title}: {value.Done} of {value.Total}"));
        }
    }
}
