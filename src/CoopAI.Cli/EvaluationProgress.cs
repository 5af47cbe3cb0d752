using CoopAI.Evaluation.Running;
using Spectre.Console;

namespace CoopAI.Cli;

/// <summary>Bars on a terminal.</summary>
internal sealed class ProgressBars(TextWriter error) : IEvaluationProgress
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });

    public Task<T> RunAsync<T>(string step, Func<IProgress<double>, Task<T>> work) => _console.Progress().AutoClear(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .StartAsync(async progress =>
        {
            var task = progress.AddTask(Markup.Escape(step), maxValue: 1);
            var result = await work(new Bar(task));
            task.Value = 1;
            return result;
        });

    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }
}

/// <summary>One line a step and a quarter, for a pipe or a file.</summary>
internal sealed class ProgressLines(TextWriter error) : IEvaluationProgress
{
    public async Task<T> RunAsync<T>(string step, Func<IProgress<double>, Task<T>> work)
    {
        await error.WriteLineAsync(step + " …");
        return await work(new Quarters(error, step));
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
