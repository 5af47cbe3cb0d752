using CoopAI.Adapters.Embedded;
using CoopAI.Adapters.Models;
using CoopAI.Core.Answering;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.About;

/// <summary><c>/about/privacy</c>: what is kept, where and for how long, as this installation is set up.</summary>
public sealed class PrivacyModel(LedgerOptions ledger, ModelOptions models, AnsweringOptions answering) : PageModel
{
    /// <summary>Days after which the text of a question is erased; 0: never by itself.</summary>
    public int RetainQuestionsDays => ledger.RetainQuestionsDays;

    /// <summary>Other machines that receive texts.</summary>
    public IReadOnlyList<string> Endpoints { get; } =
        [.. new[]
        {
            models.Embedding.Provider == EmbeddingProvider.OpenAI ? models.Embedding.Endpoint?.Host ?? "api.openai.com" : null,
            models.Chat.Provider == ChatProvider.OpenAI ? models.Chat.Endpoint?.Host ?? "api.openai.com" : null,
        }.OfType<string>().Distinct(StringComparer.Ordinal)];

    public string AccountableRole => answering.AccountableRole;

    public string Contact => answering.Contact;
}
