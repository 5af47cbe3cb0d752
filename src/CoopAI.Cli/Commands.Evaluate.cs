using System.CommandLine;
using System.Globalization;
using CoopAI.Cli.Evaluation;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Cli;

/// <summary><c>coopai eval</c>: measures the product, compares two configurations, holds figures against thresholds.</summary>
internal static class EvaluateCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        var eval = new Command("eval", "Measure the service: each figure with its 95% interval, a report, and thresholds.")
        {
            Retrieval(environment),
            Tagging(environment),
            Guidance(environment),
            Grounding(environment),
            Answers(environment),
            Briefs(environment),
            Cards(environment),
            All(environment),
            Compare(environment),
        };
        return [eval];
    }

    private static Command Retrieval(CliEnvironment environment)
    {
        var corpus = File("--corpus", "Case studies, one JSON object a line. It is indexed in memory, never into your data.");
        var queries = File("--queries", "Questions: {\"id\",\"text\"} a line.");
        var qrels = File("--qrels", "Judgements in TREC's four columns, separated by white space.");
        var run = new Option<FileInfo?>("--run") { Description = "Write the rankings here, in TREC's six columns.", HelpName = "OUT" };
        var score = File("--score", "Score this TREC run instead of searching.");
        var depth = new Option<int>("--depth") { Description = "Case studies ranked for a question, 1 to 1000.", HelpName = "N", DefaultValueFactory = _ => 1000 };
        depth.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int>() is < 1 or > 1000) r.AddError("--depth must lie between 1 and 1000.");
        });
        var shared = new SharedOptions();
        var command = new Command("retrieval", "How well the right case studies are found: nDCG@10, MAP, MRR, recall and success, also by facet and against plain BM25.")
        {
            corpus, queries, qrels, run, score, depth,
        };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            var asked = (Corpus: a.GetValue(corpus)?.FullName, Queries: a.GetValue(queries)?.FullName, Qrels: a.GetValue(qrels)?.FullName, Score: a.GetValue(score)?.FullName);
            if (asked is { Queries: null } != asked is { Qrels: null } || (asked.Queries is null && asked.Corpus is not null))
                throw new BadInputException("Give --corpus, --queries and --qrels together, or none of them for the development questions. With --score, --corpus may be left out.");
            if (asked is { Queries: not null, Corpus: null, Score: null })
                throw new BadInputException("--corpus is missing: which case studies are to be searched? Or give a run with --score.");
            await using var runs = new EvaluationRuns(context, shared.Settings(a), shared.EvalsFolder(a));
            var suite = await runs.RetrievalAsync(asked.Corpus, asked.Queries, asked.Qrels, asked.Score, a.GetValue(depth), ct);
            if (a.GetValue(run) is { } file)
                WriteTo(file, () =>
                {
                    using var writer = new StreamWriter(file.FullName);
                    suite.Run!.Write(writer);
                });
            return shared.Finish(context, "Retrieval", [suite], runs);
        });
        return command;
    }

    private static Command Tagging(CliEnvironment environment)
    {
        var train = File("--train", "Labelled texts to learn from: case-study lines, with \"arguable\" and \"principlesUnknown\" masked.");
        var test = File("--test", "Labelled texts to tag.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("tagging", "How well texts get the ten principles. Without files: cross-validation on the readers' labels.") { train, test, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            if (a.GetValue(train) is null != a.GetValue(test) is null) throw new BadInputException("Give --train and --test together, or neither for cross-validation on the readers' labels.");
            await using var runs = new EvaluationRuns(context, shared.Settings(a), shared.EvalsFolder(a));
            var suite = await runs.TaggingAsync(a.GetValue(train)?.FullName, a.GetValue(test)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Tagging", [suite], runs);
        });
        return command;
    }

    private static Command Guidance(CliEnvironment environment)
    {
        var cases = File("--cases", "Rule cases, one JSON object a line.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("guidance", "Whether the values rules object to what they should and to nothing else.") { cases, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = new EvaluationRuns(context, shared.Settings(a), shared.EvalsFolder(a));
            var suite = await runs.GuidanceAsync(a.GetValue(cases)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Guidance", [suite], runs);
        });
        return command;
    }

    private static Command Grounding(CliEnvironment environment)
    {
        var pairs = File("--pairs", "Sentences with the passages they cite, one JSON object a line.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("grounding", "Both error rates of the sentence verifier, by kind of alteration.") { pairs, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = new EvaluationRuns(context, shared.Settings(a), shared.EvalsFolder(a));
            var suite = await runs.GroundingAsync(a.GetValue(pairs)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Grounding", [suite], runs);
        });
        return command;
    }

    private static Command Cards(CliEnvironment environment)
    {
        var labels = File("--labels", "Labels of cards, one JSON object a line.");
        var corpus = File("--corpus", "The case studies that the labels speak of; otherwise those that ship.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("cards", "Evidence cards against a reader's labels: outcomes, costs, lessons, period, figures, partners, stubs. Cross-validated over case studies.") { labels, corpus, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = new EvaluationRuns(context, shared.Settings(a), shared.EvalsFolder(a));
            var suite = await runs.CardsAsync(a.GetValue(labels)?.FullName, a.GetValue(corpus)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Cards", [suite], runs);
        });
        return command;
    }

    private static Command Answers(CliEnvironment environment)
    {
        var queries = File("--queries", "Answerable questions: {\"id\",\"text\"} a line.");
        var unanswerable = File("--unanswerable", "Questions without a precedent, in the same form.");
        var facts = File("--facts", "Expected facts: {\"id\",\"facts\":[[\"wording\",…],…]} a line.");
        var corpus = File("--corpus", "Case studies to answer from; otherwise those that ship. Kept in a temporary place.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("answers", "Whole answers: outcome, citation recall and precision, expected facts, length.") { corpus, queries, unanswerable, facts, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = new EvaluationRuns(context, shared.Settings(a), shared.EvalsFolder(a));
            var suite = await runs.AnswersAsync(a.GetValue(corpus)?.FullName, a.GetValue(queries)?.FullName, a.GetValue(unanswerable)?.FullName, a.GetValue(facts)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Answers", [suite], runs);
        });
        return command;
    }

    private static Command Briefs(CliEnvironment environment)
    {
        var questions = File("--questions", "Questions with the sentences that answer, one JSON object a line, as evals/briefs/README.md says; otherwise those of the repository.");
        var corpus = File("--corpus", "Case studies to answer from; otherwise those that ship. Kept in a temporary place.");
        var predictions = Predictions();
        var shared = new SharedOptions();
        var command = new Command("briefs", "Whole briefs against the sentences that answer: is the right question answered, with the right sentences, from case studies that belong.") { questions, corpus, predictions };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = new EvaluationRuns(context, shared.Settings(a), shared.EvalsFolder(a));
            var suite = await runs.BriefsAsync(a.GetValue(questions)?.FullName, a.GetValue(corpus)?.FullName, ct);
            WritePredictions(a.GetValue(predictions), suite);
            return shared.Finish(context, "Briefs", [suite], runs);
        });
        return command;
    }

    private static Command All(CliEnvironment environment)
    {
        var accept = new Option<bool>("--accept") { Description = "Make this run the one that later runs are compared with (evals/accepted.json)." };
        var shared = new SharedOptions { GatesByDefault = true };
        var command = new Command("all", "Every offline suite on the repository's data, held against evals/thresholds.json.") { accept };
        shared.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            await using var runs = new EvaluationRuns(context, shared.Settings(a), shared.EvalsFolder(a));
            var suites = await runs.AllAsync(ct);
            var status = shared.Finish(context, "Evaluation", suites, runs);
            if (a.GetValue(accept)) AcceptedReport.Write(runs.Data.Accepted, suites);
            return status;
        });
        return command;
    }

    private static Command Compare(CliEnvironment environment)
    {
        var first = new Argument<FileInfo>("A") { Description = "A settings file (JSON) or a TREC run: the baseline." };
        var second = new Argument<FileInfo>("B") { Description = "A settings file or a run: the candidate." };
        var corpus = File("--corpus", "Case studies; otherwise those that ship.");
        var queries = File("--queries", "Questions; otherwise the development questions.");
        var qrels = File("--qrels", "Judgements of these questions.");
        var metric = new Option<string>("--metric") { Description = "What is compared.", HelpName = "NAME", DefaultValueFactory = _ => RunScorer.Primary };
        metric.AcceptOnlyFromAmong([.. RunScorer.Metrics]);
        var top = new Option<int>("--top") { Description = "Ranks shown of each question.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var shared = new SharedOptions();
        var command = new Command("compare", "Two configurations or two runs side by side: which questions got better or worse, with both rankings.")
        {
            first, second, corpus, queries, qrels, metric, top,
        };
        shared.AddEvals(command);
        command.Run(environment, async (context, ct) =>
        {
            var a = context.Arguments;
            if (a.GetValue(queries) is null != a.GetValue(qrels) is null) throw new BadInputException("Give --queries and --qrels together.");
            await using var runs = new EvaluationRuns(context, EvaluationSettings.Read(null), shared.EvalsFolder(a));
            var comparison = await runs.CompareAsync(
                a.GetRequiredValue(first), a.GetRequiredValue(second), a.GetValue(corpus)?.FullName, a.GetValue(queries)?.FullName, a.GetValue(qrels)?.FullName, a.GetRequiredValue(metric), a.GetValue(top), ct);
            if (context.WantsJson) context.Out.WriteLine(comparison.ToJson().ToJsonString(CoopJson.Options));
            else comparison.Write(context.Out);
            return ExitStatus.Done;
        });
        return command;
    }

    private static Option<FileInfo?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    private static Option<FileInfo?> Predictions() => new("--predictions") { Description = "Write one JSON object a line about each item here.", HelpName = "OUT" };

    private static void WritePredictions(FileInfo? file, SuiteReport suite)
    {
        if (file is not null) WriteTo(file, () => EvaluationReport.WriteLines(file.FullName, suite.Predictions));
    }

    private static void WriteTo(FileSystemInfo place, Action write)
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
    private sealed class SharedOptions
    {
        private readonly Option<DirectoryInfo?> _out = new("--out") { Description = "Write report.html, report.json, run.trec and predictions.jsonl into this folder.", HelpName = "DIR" };
        private readonly Option<FileInfo?> _baseline = File("--baseline", "Compare with this report.json (or, for retrieval, this TREC run).");
        private readonly Option<FileInfo?> _thresholds = File("--thresholds", "Exit with status 1 when a figure misses its threshold.");
        private readonly Option<FileInfo?> _settings = File("--settings", "Settings (JSON) to measure with, in the sections of appsettings.json.");
        private readonly Option<DirectoryInfo?> _evals = new("--evals") { Description = "The folder with the evaluation data; otherwise \"evals\" here or above.", HelpName = "DIR" };

        /// <summary>Thresholds and the last accepted report are taken from the evaluation data unless others are given.</summary>
        public bool GatesByDefault { get; init; }

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { _out, _baseline, _thresholds, _settings, _evals }) command.Add(option);
        }

        public void AddEvals(Command command) => command.Add(_evals);

        public EvaluationSettings Settings(ParseResult arguments) => EvaluationSettings.Read(arguments.GetValue(_settings));

        public DirectoryInfo? EvalsFolder(ParseResult arguments) => arguments.GetValue(_evals);

        public int Finish(CommandContext context, string title, IReadOnlyList<SuiteReport> suites, EvaluationRuns runs)
        {
            var a = context.Arguments;
            var thresholds = a.GetValue(_thresholds)?.FullName ?? (GatesByDefault ? runs.Data.Thresholds : null);
            var baseline = a.GetValue(_baseline)?.FullName ?? (GatesByDefault && System.IO.File.Exists(runs.Data.Accepted) ? runs.Data.Accepted : null);
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
