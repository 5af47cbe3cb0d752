using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using FunctionInvocationContext = Microsoft.SemanticKernel.FunctionInvocationContext;

namespace CoopAI.Orchestration.Asking.Filters;

/// <summary>After a draft: the answer rules. A written draft may be asked for once more; when too little of it stands, sentences are quoted instead.</summary>
public sealed class DraftFilter(GuidanceRunner guidance, CoopKernel kernels, AnsweringOptions options, TimeProvider clock) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var (written, quoted) = (Step.Write.PartOf(context), Step.Quote.PartOf(context));
        using var trace = written is null && quoted is null ? null : AskTrace.Begin(nameof(DraftFilter));
        if (written is not null) await WriteAsync(written, context, next);
        else if (quoted is not null) await QuoteAsync(quoted, context, next);
        else await next(context);
    }

    private async Task QuoteAsync(AskPart part, FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        if (part.FallbackReason is null) part.Run.Report("Writing the brief");
        part.Composer = ExtractiveComposer.Composer;
        await next(context);
        if (part.FallbackReason is null) part.Run.Report("Checking every sentence");
        var draft = context.Result.GetValue<IReadOnlyList<DraftSentence>>()!;
        Conclude(part, draft, Check(part, draft, canRetry: false));
    }

    private async Task WriteAsync(AskPart part, FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        part.Run.Report("Writing the brief");
        part.Composer = kernels.Writer!.Composer;
        try
        {
            var draft = await DraftAsync(part, [], context, next);
            part.Run.Report("Checking every sentence");
            var said = Check(part, draft, canRetry: true);
            if (said.RetryReasons.Count > 0)
            {
                draft = await DraftAsync(part, said.RetryReasons, context, next);
                said = Check(part, draft, canRetry: false);
            }

            if (said.BlockedBy.Count == 0)
            {
                Conclude(part, draft, said);
                return;
            }

            part.Withhold(draft, said);
            part.FallBack("Too little of what the language model wrote could be proven, so these sentences are quoted from the case studies instead.");
        }
        catch (ComposerException e)
        {
            part.FallBack($"{e.Message} These sentences are quoted from the case studies instead.");
        }

        await context.Kernel.InvokeAsync(Step.Quote.Plugin, Step.Quote.Function, Step.Quote.ArgumentsOf(part), context.CancellationToken);
    }

    private async Task<IReadOnlyList<DraftSentence>> DraftAsync(AskPart part, IReadOnlyList<string> faults, FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        var sources = part.Sources.Take(options.Precedents).ToList();
        context.Arguments[WrittenDraft.Message] = WrittenDraft.MessageFor(part.ForReader, sources, faults);
        try
        {
            await next(context).WaitAsync(kernels.Writer!.Timeout, clock, context.CancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new ComposerException($"The chat model did not answer within {kernels.Writer!.Timeout.TotalSeconds:0} seconds.", e);
        }
        catch (Exception e) when (e is not ComposerException && !context.CancellationToken.IsCancellationRequested)
        {
            throw new ComposerException($"The chat model failed ({e.GetType().Name}).", e);
        }

        if (context.Result.GetValue<ChatResponse>()?.Usage is { } usage) part.CountTokens(usage.InputTokenCount, usage.OutputTokenCount);
        return WrittenDraft.Read(context.Result.GetValue<string>() ?? "", sources);
    }

    private GuidanceOutcome Check(AskPart part, IReadOnlyList<DraftSentence> draft, bool canRetry)
    {
        var notice = BriefAssembly.NoticeOf(part.Run, part.Composer!, guidance.Framework.Version, options);
        var drafted = part.Run.Keep(
            part.Run.Context(Stage.Answer, part.Question) with
            {
                Text = string.Join(' ', draft.Select(d => d.Text)),
                Sentences = [.. draft.Select((d, i) => new RuleSentence(i, d.Text, d.Kind, d.Cites))],
                Passages = [.. part.Sources.SelectMany(s => s.Passages.Select(p => RulePassage.Of(s.CaseStudy, p.Passage)))],
                Notice = new AnswerNotice(
                    notice.Text, notice.Model, notice.GuidanceVersion, notice.GeneratedAt.ToString("O", CultureInfo.InvariantCulture),
                    notice.ChallengeUrl, notice.AccountableRole, notice.Contact),
                CanRetry = canRetry,
                // There are no tags and no page yet: other filters run the rules on them.
                WithoutChecks = part.Run.Page is null ? [TagFilter.Check] : [TagFilter.Check, RecordFilter.PageCheck],
                Relevance = part.RelevanceOf(draft),
            }, part.Number);
        return guidance.Run(drafted);
    }

    private void Conclude(AskPart part, IReadOnlyList<DraftSentence> draft, GuidanceOutcome said)
    {
        part.Run.Rules.AddRange(said.Results);
        part.Withhold(draft, said);
        part.ServiceLines.AddRange(said.AddedLines);
        if (said.BlockedBy.Count == 0) part.Say(draft, said);
        // Nothing of it is shown, so it will not be tagged either.
        else part.Run.Rules.AddRange(guidance.Run(part.Run.Context(Stage.Answer, part.Question) with { OnlyChecks = [TagFilter.Check] }).Results);
        PartOutcome.Decide(part, said);
    }
}
