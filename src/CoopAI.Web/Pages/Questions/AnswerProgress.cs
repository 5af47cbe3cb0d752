using System.Runtime.CompilerServices;

namespace CoopAI.Web.Pages.Questions;

/// <summary>What the service is doing for each question that is being answered, told to the page that waits for it.</summary>
/// <remarks>Safe for concurrent use. Holds the names of steps, never a question. Remembers the last <see cref="Kept"/> forms of this process.</remarks>
public sealed class AnswerProgress(TimeProvider clock)
{
    public const int Kept = 1000;

    /// <summary>A page that follows a form whose work does not begin hears the end after this time.</summary>
    public static readonly TimeSpan WaitForStart = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Work> _works = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Begins the work of one form.</summary>
    /// <param name="token">As the form brought it back (see <see cref="OnceOnly.NewToken"/>); null or any other text: nobody can follow.</param>
    /// <returns>Takes the steps; disposing it ends the work.</returns>
    public Steps Start(string? token)
    {
        var work = OnceOnly.IsToken(token) ? Of(token!) : new Work();
        lock (_lock) (work.Started, work.Ended) = (true, false);
        return new Steps(this, work);
    }

    /// <summary>Every step so far, then each as it begins, until the work ends.</summary>
    public async IAsyncEnumerable<string> FollowAsync(string token, [EnumeratorCancellation] CancellationToken ct)
    {
        var work = Of(token);
        for (var told = 0; ;)
        {
            List<string> fresh;
            bool started, ended;
            Task changed;
            lock (_lock) (fresh, started, ended, changed) = (work.Steps[Math.Min(told, work.Steps.Count)..], work.Started, work.Ended, work.Changed.Task);
            foreach (var step in fresh) yield return step;
            told += fresh.Count;
            if (ended) yield break;
            try
            {
                await (started ? changed.WaitAsync(ct) : changed.WaitAsync(WaitForStart, clock, ct));
            }
            catch (TimeoutException)
            {
                yield break;
            }
        }
    }

    private Work Of(string token)
    {
        lock (_lock)
        {
            if (_works.TryGetValue(token, out var known)) return known;
            _works[token] = known = new Work();
            _order.Enqueue(token);
            if (_order.Count > Kept) _works.Remove(_order.Dequeue());
            return known;
        }
    }

    private void Change(Work work, Action<Work> change)
    {
        TaskCompletionSource pulse;
        lock (_lock)
        {
            change(work);
            (pulse, work.Changed) = (work.Changed, Work.NewPulse());
        }

        pulse.SetResult();
    }

    /// <summary>Takes the steps of one piece of work.</summary>
    public sealed class Steps : IProgress<string>, IDisposable
    {
        private readonly AnswerProgress _progress;
        private readonly Work _work;

        internal Steps(AnswerProgress progress, Work work) => (_progress, _work) = (progress, work);

        /// <param name="value">The step that begins, in words for the reader.</param>
        public void Report(string value) => _progress.Change(_work, w => w.Steps.Add(value));

        public void Dispose() => _progress.Change(_work, w => w.Ended = true);
    }

    internal sealed class Work
    {
        public List<string> Steps { get; } = [];

        public bool Started { get; set; }

        public bool Ended { get; set; }

        public TaskCompletionSource Changed { get; set; } = NewPulse();

        public static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
