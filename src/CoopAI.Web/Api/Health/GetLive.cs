namespace CoopAI.Web.Api.Health;

/// <summary><c>GET /health/live</c>: the process answers.</summary>
public static class GetLive
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder health) =>
        health.MapGet("/live", () => TypedResults.Ok(new Response("live"))).WithName(nameof(GetLive));

    public sealed record Response(string Status);
}
