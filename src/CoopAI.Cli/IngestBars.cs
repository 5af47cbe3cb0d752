using CoopAI.Orchestration.Ingesting;
using Spectre.Console;

namespace CoopAI.Cli;

/// <summary>The progress of an import, as a bar on a terminal and as plain lines elsewhere.</summary>
internal static class IngestBars
{
    /// <summary>Shows a bar on standard error while <paramref name="work"/> reports; plain lines when it is not a terminal.</summary>
    public static async Task<T> WithProgressAsync<T>(this CommandContext context, string title, Func<IProgress<IngestProgress>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        if (!console.Profile.Capabilities.Interactive)
            return await work(new PlainProgress(context.Error, title));

        return await console.Progress().AutoClear(true).HideCompleted(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async bars =>
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
        private readonly System.Diagnostics.Stopwatch _watch = System.Diagnostics.Stopwatch.StartNew();
        private int _lastTenth;

        public void Report(IngestProgress value)
        {
            var tenth = 10 * value.Done / Math.Max(1, value.Total);
            if (tenth == _lastTenth) return;
            _lastTenth = tenth;
            var left = _watch.Elapsed * ((double)(value.Total - value.Done) / Math.Max(1, value.Done));
            error.WriteLine(FormattableString.Invariant($"{title}: {value.Done} of {value.Total}{(left.TotalSeconds >= 5 ? $", about {(left.TotalMinutes >= 2 ? $"{left.TotalMinutes:0} minutes" : $"{left.TotalSeconds:0} seconds")} left" : "")}"));
        }
    }
}
