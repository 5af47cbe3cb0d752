using CoopAI.Web.Api.Answers;
using CoopAI.Web.Api.CaseStudies;
using CoopAI.Web.Api.Guidance;
using CoopAI.Web.Api.Health;
using CoopAI.Web.Api.Principles;
using CoopAI.Web.Api.Tags;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.Timeouts;

namespace CoopAI.Web.Api;

/// <summary>All addresses below <c>/api</c> and <c>/health</c>, in one list.</summary>
internal static class Endpoints
{
    public static void MapApi(this WebApplication app)
    {
        var health = app.MapGroup("/health").WithTags("Health").AllowAnonymous();
        GetLive.Map(health);
        GetReady.Map(health);

        var answers = app.MapGroup("/api/answers").WithTags("Answers");
        PostAnswer.Map(answers);
        GetAnswer.Map(answers);

        var caseStudies = app.MapGroup("/api/case-studies").WithTags("Case studies");
        GetCaseStudies.Map(caseStudies);
        GetExport.Map(caseStudies);
        GetCaseStudy.Map(caseStudies);
        ChangeCaseStudy.Map(caseStudies);
        GetSimilar.Map(caseStudies);
        PostCaseStudyTags.Map(caseStudies).RequireAuthorization(Policies.Tagging);

        var principles = app.MapGroup("/api/principles").WithTags("Principles");
        GetPrinciples.Map(principles);
        GetCoverage.Map(principles);

        // The first request after a change trains the tagger and tags the corpus.
        var tags = app.MapGroup("/api/tags").WithTags("Tags").WithMetadata(new RequestTimeoutAttribute(60_000)).RequireAuthorization(Policies.Tagging);
        PostTags.Map(tags);
        GetTagQueue.Map(tags);
        GetTagReport.Map(tags);

        app.MapLedger();

        var guidance = app.MapGroup("/api/guidance").WithTags("Guidance");
        GetGuidance.Map(guidance);
    }
}
