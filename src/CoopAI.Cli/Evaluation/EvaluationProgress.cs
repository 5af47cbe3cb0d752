using Spectre.Console;

namespace CoopAI.Cli.Evaluation;

/// <summary>Progress of long steps on standard error: bars on a terminal, one line a step elsewhere.</summary>
internal sealed class EvaluationProgress(CommandContext context)
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });

    /// <summary>Runs one step that reports its share done, 0 to 1.</summary>
    public async Task<T> RunAsync<T>(string step, Func<IProgress<double>, Task<T>> work)
    {
        // Only the real standard error can be a terminal; a test's writer and a pipe get plain lines.
        if (!ReferenceEquals(context.Error, Console.Error) || Console.IsErrorRedirected)
        {
            await context.Error.WriteLineAsync(step + " …");
            return await work(new Quarters(context.Error, step));
        }

        return await _console.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(step), maxValue: 1);
                var result = await work(new Bar(task));
                task.Value = 1;
                return result;
            });
    }

    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }

    private sealed class Quarters(TextWriter error, string step) : IProgress<double>
    {
        private int _said;

        public void Report(double value)
        {
            var quarter = (int)(value * 4);
            if (quarter <= _said || quarter >= 4) return;
            _said = quarter;
            error.WriteLine($"{step} … {quarter * 25}%");
        }
    }
}
