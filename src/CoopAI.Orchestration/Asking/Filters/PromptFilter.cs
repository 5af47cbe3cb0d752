using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Briefs;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Filters;

/// <summary>Before a prompt is sent: it holds no passage that a rule kept back, and its hash goes into the record.</summary>
public sealed class PromptFilter : IPromptRenderFilter
{
    public async Task OnPromptRenderAsync(PromptRenderContext context, Func<PromptRenderContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        await next(context);
        if (context.Arguments.GetValueOrDefault(Step.Part) is not AskPart part) return;
        using var trace = AskTrace.Begin(nameof(PromptFilter));
        var prompt = context.RenderedPrompt ?? "";
        var message = context.Arguments[WrittenDraft.Message] as string ?? "";
        foreach (var passage in part.Search!.Hits.SelectMany(h => h.Passages).Select(p => p.Passage).Where(p => part.Quarantined.Contains(p.Id)))
        {
            if (message.Contains(WrittenDraft.Quoted(passage.Text), StringComparison.Ordinal))
                throw new ComposerException("A passage that a rule keeps back had got into the prompt, so it was not sent.");
        }

        part.PromptHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)));
    }
}
