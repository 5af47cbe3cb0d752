using CoopAI.Web.Api.Health;

namespace CoopAI.Web.Api;

/// <summary>All addresses below <c>/api</c> and <c>/health</c>, in one list.</summary>
internal static class Endpoints
{
    public static void MapApi(this WebApplication app)
    {
        var health = app.MapGroup("/health").WithTags("Health");
        GetLive.Map(health);
    }
}
