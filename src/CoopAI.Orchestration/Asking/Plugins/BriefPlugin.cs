using System.Net;
using CoopAI.Core.Briefs;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Plugins;

/// <summary>Puts the sentences of a brief together: by quoting, or by a chat model that is given the instructions of <c>prompts/answer.md</c>.</summary>
internal static class BriefPlugin
{
    /// <param name="writer">Null: there is no chat model, and no function <c>write</c>.</param>
    public static KernelPlugin Create(Writer? writer)
    {
        KernelFunction quote = KernelFunctionFactory.CreateFromMethod(
            (KernelArguments arguments, IReadOnlyList<Source> sources) => ExtractiveComposer.Compose(((AskPart)arguments[Step.Part]!).Plan!, sources), Step.Quote.Function, "Quotes the sentences of the sources that answer a question.");
        return KernelPluginFactory.CreateFromFunctions(
            Step.Quote.Plugin, "Sentences of a brief, each with the passages that prove it.", writer is null ? [quote] : [quote, Write(writer)]);
    }

    // As messages: in a plain prompt the kernel would turn "£" into an entity for the model.
    private static KernelFunction Write(Writer writer) => KernelFunctionFactory.CreateFromPrompt(
        new PromptTemplateConfig($"<message role=\"system\">{WebUtility.HtmlEncode(writer.Instructions)}</message><message role=\"user\">{{{{${WrittenDraft.Message}}}}}</message>")
        {
            Name = Step.Write.Function,
            Description = "Has a chat model write sentences with citations.",
            ExecutionSettings = new()
            {
                [PromptExecutionSettings.DefaultServiceId] = new() { ExtensionData = new Dictionary<string, object> { ["temperature"] = 0, ["response_format"] = "json_object" } },
            },
        });
}
