using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Settings;

/// <summary><c>PUT /api/settings/answering</c>: the off switch. While it is off, <c>POST /api/answers</c> answers 503 with the reason.</summary>
public static class PutAnswering
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder settings) =>
        settings.MapPut("/answering", Handle).WithName(nameof(PutAnswering)).ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="On">Whether the service answers.</param>
    /// <param name="By">Who switches; where people sign in, whoever signed in counts instead.</param>
    /// <param name="Reason">Why; shown to everybody who asks while it is off.</param>
    public sealed record Request(bool On, [Required, StringLength(200)] string By, [Required, StringLength(2000)] string Reason);

    internal static Ok<SettingChange> Handle(Request request, SettingsBook settings, ClaimsPrincipal user) =>
        TypedResults.Ok(settings.Switch(request.On, Roles.NameOf(user, request.By), request.Reason));
}
