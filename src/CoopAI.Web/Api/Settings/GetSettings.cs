using CoopAI.Core.Briefs;
using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Settings;

/// <summary><c>GET /api/settings</c>: whether answering is on, and every change of a setting or of the guidance with its author and reason, newest first.</summary>
public static class GetSettings
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder settings) => settings.MapGet("/", Handle).WithName(nameof(GetSettings));

    /// <param name="Off">Why answering is off; null: it is on.</param>
    public sealed record Response(AnsweringOff? Off, IReadOnlyList<SettingChange> History);

    internal static Ok<Response> Handle(SettingsBook settings, string? setting = null) => TypedResults.Ok(new Response(settings.Get(), settings.History(setting)));
}
