using System.Globalization;
using CoopAI.Adapters.Models;
using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.About;

/// <summary><c>/about/privacy</c>: what is kept, where and for how long, as this installation is set up.</summary>
public sealed class PrivacyModel(LedgerOptions ledger, ModelOptions models, OrganisationBook organisation, IOptions<SignInOptions> signIn) : PageModel
{
    /// <summary>Days after which the text of a question is erased; 0: never by itself.</summary>
    public int RetainQuestionsDays => ledger.RetainQuestionsDays;

    /// <summary>How long a session lasts without a request, in words.</summary>
    public string Session => signIn.Value.Session is var time && time.TotalHours >= 1 && time.Minutes == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} hours") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes");

    /// <summary>Other machines that receive texts.</summary>
    public IReadOnlyList<string> Endpoints { get; } =
        [.. new[]
        {
            models.Embedding.Provider == EmbeddingProvider.OpenAI ? models.Embedding.Endpoint?.Host ?? "api.openai.com" : null,
            models.Chat.Provider == ChatProvider.OpenAI ? models.Chat.Endpoint?.Host ?? "api.openai.com" : null,
        }.OfType<string>().Distinct(StringComparer.Ordinal)];

    public string AccountableRole => organisation.Current.AccountableRole;

    public string Contact => organisation.Current.Contact ?? "nobody is named yet";
}
