using CoopAI.Web.Api.Answers;
using CoopAI.Web.Api.CaseStudies;
using CoopAI.Web.Api.Guidance;
using CoopAI.Web.Api.Health;
using CoopAI.Web.Api.Principles;

namespace CoopAI.Web.Api;

/// <summary>All addresses below <c>/api</c> and <c>/health</c>, in one list.</summary>
internal static class Endpoints
{
    public static void MapApi(this WebApplication app)
    {
        var health = app.MapGroup("/health").WithTags("Health");
        GetLive.Map(health);
        GetReady.Map(health);

        var answers = app.MapGroup("/api/answers").WithTags("Answers");
        PostAnswer.Map(answers);
        GetAnswer.Map(answers);

        var caseStudies = app.MapGroup("/api/case-studies").WithTags("Case studies");
        GetCaseStudies.Map(caseStudies);
        GetCaseStudy.Map(caseStudies);
        GetSimilar.Map(caseStudies);

        var principles = app.MapGroup("/api/principles").WithTags("Principles");
        GetPrinciples.Map(principles);

        app.MapLedger();

        var guidance = app.MapGroup("/api/guidance").WithTags("Guidance");
        GetGuidance.Map(guidance);
    }
}
