using System.CommandLine;
using System.Globalization;
using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Running;
using CoopAI.Web.Hosting;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai eval</c>: measures the product, compares two configurations, holds figures against thresholds.</summary>
internal static class EvaluateCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        var eval = new Command("eval", "Measure the service: each figure with its 95% interval, a report, and thresholds.")
        {
            EvalRetrievalCommand.Create(environment),
            EvalTaggingCommand.Create(environment),
            EvalGuidanceCommand.Create(environment),
            EvalGroundingCommand.Create(environment),
            EvalAnswersCommand.Create(environment),
            EvalBriefsCommand.Create(environment),
            EvalCardsCommand.Create(environment),
            EvalAllCommand.Create(environment),
            EvalCompareCommand.Create(environment),
        };
        return [eval];
    }

    internal static Option<FileInfo?> FileOption(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    internal static Option<FileInfo?> Predictions() => new("--predictions") { Description = "Write one JSON object a line about each item here.", HelpName = "OUT" };

    internal static void WritePredictions(FileInfo? file, SuiteReport suite)
    {
        if (file is not null) WriteTo(file, () => EvaluationReport.WriteLines(file.FullName, suite.Predictions));
    }

    internal static void WriteTo(FileSystemInfo place, Action write)
    {
        try
        {
            if (Path.GetDirectoryName(place.FullName) is { } folder) Directory.CreateDirectory(folder);
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{place} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Options that every suite takes, and what is done with them at the end.</summary>
    internal sealed class SharedOptions
    {
        private readonly Option<DirectoryInfo?> _out = new("--out") { Description = "Write report.html, report.json, run.trec and predictions.jsonl into this folder.", HelpName = "DIR" };
        private readonly Option<FileInfo?> _baseline = FileOption("--baseline", "Compare with this report.json (or, for retrieval, this TREC run).");
        private readonly Option<FileInfo?> _thresholds = FileOption("--thresholds", "Exit with status 1 when a figure misses its threshold.");
        private readonly Option<FileInfo?> _settings = FileOption("--settings", "Settings (JSON) to measure with, in the sections of appsettings.json.");
        private readonly Option<DirectoryInfo?> _evals = new("--evals") { Description = "The folder with the evaluation data; otherwise \"evals\" here or above.", HelpName = "DIR" };

        /// <summary>Thresholds and the last accepted report are taken from the evaluation data unless others are given.</summary>
        public bool GatesByDefault { get; init; }

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { _out, _baseline, _thresholds, _settings, _evals }) command.Add(option);
        }

        public void AddEvals(Command command) => command.Add(_evals);

        /// <summary>The harness over a product of its own, with the settings that were given.</summary>
        public EvaluationRuns Runs(CommandContext context)
        {
            var settings = EvaluationSettings.Read(context.Configuration, context.Arguments.GetValue(_settings));
            // Only the real standard error can be a terminal; a test's writer and a pipe get plain lines.
            IEvaluationProgress steps = ReferenceEquals(context.Error, Console.Error) && !Console.IsErrorRedirected ? new ProgressBars(context.Error) : new ProgressLines(context.Error);
            return new EvaluationRuns(new ProductUnderTest(settings.Configuration, CoopServices.Build, ProductFiles.Corpus), settings, steps, context.Arguments.GetValue(_evals));
        }

        public int Finish(CommandContext context, string title, IReadOnlyList<SuiteReport> suites, EvaluationRuns runs)
        {
            var a = context.Arguments;
            var thresholds = a.GetValue(_thresholds)?.FullName ?? (GatesByDefault ? runs.Data.Thresholds : null);
            var baseline = a.GetValue(_baseline)?.FullName ?? (GatesByDefault && File.Exists(runs.Data.Accepted) ? runs.Data.Accepted : null);
            var report = new EvaluationReport(
                title, runs.Version, runs.Started, suites,
                baseline is null ? [] : runs.CompareWith(baseline, suites),
                thresholds is null ? [] : Gate.Check(Gate.Read(thresholds), suites));
            if (a.GetValue(_out) is { } folder)
            {
                WriteTo(folder, () => report.Write(folder.FullName));
                context.Error.WriteLine($"Report: {Path.Combine(folder.ToString(), "report.html")}");
            }

            if (context.WantsJson) context.Out.WriteLine(report.Summary().ToJsonString(CoopJson.Options));
            else Print(report, context.Out);
            foreach (var missed in report.Gates.Where(g => !g.Met)) context.Error.WriteLine($"{Gate.Say(missed)} {missed.Threshold.Reason}");
            return report.GatesMet ? ExitStatus.Done : ExitStatus.CheckFailed;
        }

        private static void Print(EvaluationReport report, TextWriter output)
        {
            foreach (var suite in report.Suites)
            {
                output.WriteLine(suite.Title);
                foreach (var (name, figure) in suite.Figures) output.WriteLine($"  {name,-42} {ReportText.Of(figure)}");
                foreach (var note in suite.Notes) output.WriteLine($"  Note: {note}");
            }

            foreach (var c in report.Comparisons)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{c.Suite}, {c.Metric} against {c.Baseline}: {ReportText.Of(c.Paired.Difference)}, p {ReportText.P(c.Paired.P)} (corrected {ReportText.P(c.HolmP)}), better {c.Paired.Better}, worse {c.Paired.Worse}, equal {c.Paired.Equal}"));
            }

            if (report.Gates.Count > 0) output.WriteLine($"{report.Gates.Count(g => g.Met)} of {report.Gates.Count} thresholds met.");
        }
    }
}
