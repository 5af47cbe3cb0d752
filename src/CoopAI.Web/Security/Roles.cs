using System.Security.Claims;

namespace CoopAI.Web.Security;

/// <summary>Who does what. Everybody may ask, find, read and compare; an administrator may do everything.</summary>
public static class Roles
{
    public const string Officer = "officer";

    public const string Staff = "staff";

    public const string Member = "member";

    public const string Administrator = "administrator";

    /// <summary>All four, with what each may do, as the role page words it.</summary>
    public static IReadOnlyList<(string Id, string Name, string May)> All { get; } =
    [
        (Officer, "Officer", "Ask questions, find, read and compare case studies."),
        (Staff, "Staff of the Network", "As an officer, tag case studies, and read officers’ feedback."),
        (Member, "Member (councillor)", "As an officer, and audit answers and review them."),
        (Administrator, "Administrator", "Everything, and change settings."),
    ];

    public static bool Contains(string? role) => All.Any(r => r.Id == role);

    /// <summary>Where somebody of a role begins: at what waits for them.</summary>
    public static string StartOf(string role) => role switch { Staff => "/tag/queue", Member => "/audit", Administrator => "/admin", _ => "/" };

    /// <summary>The role of a signed-in person; null: nobody is signed in.</summary>
    public static string? Of(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.FindFirstValue(ClaimTypes.Role);
    }

    /// <summary>Who acts: the signed-in person. Where nobody signs in, whoever is named in the request.</summary>
    /// <param name="given">As the request names them.</param>
    public static string NameOf(ClaimsPrincipal user, string given)
    {
        return SignedInName(user) ?? given;
    }

    /// <summary>The name of whoever signed in; null: nobody did, or nobody signs in here.</summary>
    public static string? SignedInName(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity is { IsAuthenticated: true, Name: { } name } identity && identity.AuthenticationType != LocalRoleHandler.SchemeName ? name : null;
    }
}
