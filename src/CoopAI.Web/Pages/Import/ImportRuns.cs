using CoopAI.Core;
using CoopAI.Orchestration.Ingesting;

namespace CoopAI.Web.Pages.Import;

/// <summary>Imports that are being applied beside the requests, so that their pages can say how far they are.</summary>
/// <remarks>Nothing is kept over a restart: an import that was cut off stands as not applied, with what was encoded, and goes on there when it is applied again. Safe for concurrent use.</remarks>
public sealed class ImportRuns(TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ImportRuns> log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);

    /// <param name="Fault">Why it ended unfinished; null: it goes on.</param>
    public sealed record Run(DateTimeOffset Since, IngestProgress? Progress, string? Fault)
    {
        /// <summary>How far it is and about how long it takes yet.</summary>
        public string InWords(DateTimeOffset now)
        {
            if (Progress is not { Done: > 0 } p) return "It has begun.";
            var left = (now - Since) * ((double)(p.Total - p.Done) / p.Done);
            return FormattableString.Invariant($"{p.Done} of {p.Total} are ready") + (p.Done >= p.Total ? "; the last step is being taken." : left.TotalSeconds < 5 ? "; a few seconds are left."
                : left.TotalMinutes < 2 ? FormattableString.Invariant($"; about {left.TotalSeconds:0} seconds are left.") : FormattableString.Invariant($"; about {left.TotalMinutes:0} minutes are left."));
        }
    }

    /// <summary>The run of an import; null: it is not being applied.</summary>
    public Run? Find(string id)
    {
        lock (_lock) return _runs.GetValueOrDefault(id);
    }

    /// <summary>Begins to apply an import, unless it is being applied already.</summary>
    public void Start(string id, Func<IProgress<IngestProgress>, CancellationToken, Task> apply)
    {
        ArgumentNullException.ThrowIfNull(apply);
        lock (_lock)
        {
            if (_runs.GetValueOrDefault(id) is { Fault: null }) return;
            _runs[id] = new Run(clock.GetUtcNow(), null, null);
        }

        _ = Task.Run(() => RunAsync(id, apply), CancellationToken.None);
    }

    private async Task RunAsync(string id, Func<IProgress<IngestProgress>, CancellationToken, Task> apply)
    {
        try
        {
            await apply(new Reporter(p => Set(id, r => r with { Progress = p })), lifetime.ApplicationStopping);
            lock (_lock) _runs.Remove(id);
        }
        catch (BadInputException e)
        {
            Set(id, r => r with { Fault = e.Message });
        }
        catch (OperationCanceledException)
        {
            Set(id, r => r with { Fault = "The service was stopped. Apply it again: it goes on where it was." });
        }
        catch (Exception e)
        {
            log.LogError(e, "Applying the import {Import} failed.", id);
            Set(id, r => r with { Fault = "Something went wrong, and nothing of it was taken over. Apply it again: it goes on where it was." });
        }
    }

    private void Set(string id, Func<Run, Run> change)
    {
        lock (_lock)
        {
            if (_runs.TryGetValue(id, out var run)) _runs[id] = change(run);
        }
    }

    private sealed class Reporter(Action<IngestProgress> report) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => report(value);
    }
}
