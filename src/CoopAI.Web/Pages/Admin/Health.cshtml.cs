using System.Globalization;
using CoopAI.Adapters.Models;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin/health</c>: whether all parts are well, which models are in use, and how the service is used.</summary>
public sealed class HealthModel(
    SearchCorpus corpus, IPassageStore store, ModelOptions models, EncoderIdentity encoder, GuidanceFramework guidance, IOffSwitch off, SqliteLedger ledger, UsageBook usage, ElectionBook elections,
    CoopDatabase database, TimeProvider clock) : PageModel
{
    public IReadOnlyList<(string What, string Value, bool? Good)> Health { get; private set; } = [];

    public Usage Use { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct)
    {
        var index = await corpus.CurrentAsync(ct);
        var (stored, reached) = ("", true);
        try
        {
            var status = await store.GetStatusAsync(ct);
            (stored, reached) = (status.Advice is null ? status.Store : $"{status.Store}. {status.Advice}", status.Advice is null);
        }
        catch (PassageStoreUnavailableException e)
        {
            (stored, reached) = (e.Message, false);
        }

        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var dates = (elections.InForce ?? guidance.ElectionDates).Count(w => w.To >= today);
        Health =
        [
            ("Answering", off.Get() is null ? "On" : "Off", off.Get() is null),
            ("Case studies", index.CaseStudies.Count.ToString("N0", CultureInfo.InvariantCulture), index.CaseStudies.Count > 0),
            ("Passage store", stored, reached),
            ("Reads texts with", $"{encoder.ModelId} ({encoder.Dimension} numbers a sentence)", null),
            ("Writes answers with", models.Chat.Provider == ChatProvider.None ? "No language model: briefs quote case studies" : $"{models.Chat.Model} at {models.Chat.Endpoint?.Host ?? "api.openai.com"}", null),
            ("Rules", $"{guidance.Rules.Count}, version {guidance.Version}", null),
            ("Election dates ahead", dates.ToString(CultureInfo.InvariantCulture), dates > 0),
            ("Record", $"{ledger.Head()?.Size ?? 0:N0} entries", null),
            ("Database", $"{new FileInfo(database.Path).Length / 1_048_576.0:0.0} MB", null),
        ];
        Use = usage.Read(30);
    }
}
