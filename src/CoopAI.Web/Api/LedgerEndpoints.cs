using CoopAI.Web.Api.Answers;
using CoopAI.Web.Api.Ledger;
using CoopAI.Web.Api.Reviews;
using CoopAI.Web.Api.Settings;
using CoopAI.Web.Security;

namespace CoopAI.Web.Api;

/// <summary>The addresses for auditors: the ledger, members' reviews, the history of settings.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this WebApplication app)
    {
        var ledger = app.MapGroup("/api/ledger").WithTags("Ledger");
        GetEntries.Map(ledger).RequireAuthorization(Policies.Audit);
        GetHead.Map(ledger);
        GetEntry.Map(ledger).RequireAuthorization(Policies.Audit);
        GetReceipt.Map(ledger);
        GetConsistency.Map(ledger);
        GetVerification.Map(ledger).RequireAuthorization(Policies.Audit);
        GetKeys.Map(ledger);

        var answers = app.MapGroup("/api/answers").WithTags("Reviews").RequireAuthorization(Policies.Audit);
        GetReviews.Map(answers);
        PostReview.Map(answers);

        var reviews = app.MapGroup("/api/reviews").WithTags("Reviews").RequireAuthorization(Policies.Audit);
        GetReviewExport.Map(reviews);
        GetAgreement.Map(reviews);
        GetSamples.Map(reviews);
        PostSample.Map(reviews);

        var settings = app.MapGroup("/api/settings").WithTags("Settings").RequireAuthorization(Policies.Settings);
        GetSettings.Map(settings);
        PutAnswering.Map(settings);
    }
}
