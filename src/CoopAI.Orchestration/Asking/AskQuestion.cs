using System.Diagnostics.CodeAnalysis;
using CoopAI.Core.Briefs;
using CoopAI.Core.Questions;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking;

/// <summary>Gives each answer its id.</summary>
public delegate string AnswerIds();

/// <summary>Renders an answer as the page that a person will get: a whole HTML document.</summary>
public delegate Task<string> AnswerPage(Answer answer);

/// <summary>Answers one message: read it, search, compose and tag each question in it, then record the whole. The rules run as filters around these steps.</summary>
/// <remarks>Deterministic apart from id and times while the composer is. An answer is returned only after its record is durable.</remarks>
public sealed class AskQuestion(CoopKernel kernels, IOffSwitch offSwitch, TimeProvider clock, AnswerIds newId, MessageReading reading, RunningHosts? hosts = null, Signposts? signposts = null)
{
    /// <summary>The whole way of a question.</summary>
    /// <param name="progress">Told what is being done, in words for the asker; never a word of the question.</param>
    /// <param name="page">Where a person gets a page: the rule on accessibility is run on it. Null: this door shows none.</param>
    /// <exception cref="DangerException">The message tells of a person in danger.</exception>
    /// <exception cref="AnsweringOffException">Answering is switched off.</exception>
    /// <exception cref="Core.BadInputException">It follows up an answer that is not kept, its filter contradicts its words, or the answer cannot be recorded, so it is not shown.</exception>
    /// <exception cref="OperationCanceledException">The asker has gone; nothing was recorded.</exception>
    public async Task<Answer> AskAsync(Question question, IProgress<string>? progress = null, AnswerPage? page = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (signposts?.Read(question.Text) is { } danger) throw new DangerException(danger);
        try
        {
            return await OnceAsync(question, progress, page, ct);
        }
        catch (GuidanceChangedException)
        {
            return await OnceAsync(question, progress, page, ct);
        }
    }

    private async Task<Answer> OnceAsync(Question question, IProgress<string>? progress, AnswerPage? page, CancellationToken ct)
    {
        if (offSwitch.Get() is { } off) throw new AnsweringOffException(off);
        var run = new AskRun(question, newId(), clock, progress, page) { Host = hosts?.Invoke() };
        var (carried, read) = await reading.ReadAsync(question, ct);
        run.Take(carried, read);
        var kernel = kernels.Create();
        foreach (var part in run.Parts)
        {
            foreach (var step in (Step[])[Step.Search, kernels.Compose, Step.Tag])
            {
                // A filter has answered instead.
                if (run.Ended || part.Ended) break;
                await InvokeAsync(kernel, step, step.ArgumentsOf(part), ct);
            }
        }

        // A refusal is recorded too. From here on the answer has to reach its asker, so nobody can call it off.
        ct.ThrowIfCancellationRequested();
        await InvokeAsync(kernel, Step.Record, Step.ArgumentsOf(run), CancellationToken.None);
        return run.Answer;
    }

    [SuppressMessage("Usage", "CA2201", Justification = "The type that callers and the host know.")]
    private static async Task InvokeAsync(Kernel kernel, Step step, KernelArguments arguments, CancellationToken ct)
    {
        try
        {
            await kernel.InvokeAsync(step.Plugin, step.Function, arguments, ct);
        }
        catch (KernelFunctionCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("A step of the answer took too long.", e);
        }
        catch (KernelFunctionCanceledException e)
        {
            // The kernel has an exception of its own for this, which no host knows.
            throw new OperationCanceledException("The asker has gone.", e, ct);
        }
    }
}
