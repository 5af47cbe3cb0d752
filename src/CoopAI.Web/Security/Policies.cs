using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>What a role may reach, for pages and for the HTTP interface alike.</summary>
internal static class Policies
{
    /// <summary>Tagging: staff.</summary>
    public const string Tagging = nameof(Tagging);

    /// <summary>Audit and reviews: members.</summary>
    public const string Audit = nameof(Audit);

    /// <summary>Settings: members may read them, an administrator changes them.</summary>
    public const string Settings = nameof(Settings);

    /// <summary>Officers' feedback and members' disagreements: members and staff.</summary>
    public const string Feedback = nameof(Feedback);

    /// <summary>Everything that administrators run the service with, and only they.</summary>
    public const string Administration = nameof(Administration);

    private static readonly string[] StaffRoles = [Roles.Staff, Roles.Administrator], MemberRoles = [Roles.Member, Roles.Administrator];

    /// <summary>Whether somebody may open the pages of a policy: menus show nothing else.</summary>
    public static bool May(ClaimsPrincipal user, string policy)
    {
        ArgumentNullException.ThrowIfNull(user);
        return policy switch
        {
            Tagging => StaffRoles.Any(user.IsInRole),
            Audit or Settings => MemberRoles.Any(user.IsInRole),
            Administration => user.IsInRole(Roles.Administrator),
            Feedback => StaffRoles.Union(MemberRoles).Any(user.IsInRole),
            _ => throw new ArgumentException($"{policy} is no policy.", nameof(policy)),
        };
    }

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Tagging, p => p.RequireRole(StaffRoles));
        options.AddPolicy(Audit, p => p.RequireRole(MemberRoles));
        options.AddPolicy(Feedback, p => p.RequireRole(StaffRoles.Union(MemberRoles)));
        options.AddPolicy(Settings, p => p.RequireRole(MemberRoles).RequireAssertion(context =>
            (context.User.IsInRole(Roles.Administrator) && ShowedEnough(context)) || (context.Resource is HttpContext http && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)))));
        options.AddPolicy(Administration, p => p.RequireRole(Roles.Administrator).RequireAssertion(ShowedEnough));
        // Whatever names no policy needs somebody known; where nobody signs in, everybody on this machine is.
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
    }

    /// <summary>Whether the pages of administrators are shut to this administrator for want of a second factor.</summary>
    public static bool LacksSecondFactor(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var signIn = context.RequestServices.GetRequiredService<IOptions<SignInOptions>>().Value;
        return signIn is { Mode: SignInMode.Accounts, SecondFactorForAdministrators: true } && !Sessions.HasSecondFactor(context.User);
    }

    /// <summary>Gives each page its policy by its address, so that a page added below one of these is guarded too.</summary>
    public static void Guard(PageRouteModel page)
    {
        foreach (var selector in page.Selectors)
        {
            var address = $"/{selector.AttributeRouteModel?.Template}";
            if (OfAddress(address) is { } metadata) selector.EndpointMetadata.Add(metadata);
        }
    }

    private static bool ShowedEnough(AuthorizationHandlerContext context) => context.Resource is HttpContext http && !LacksSecondFactor(http);

    private static object? OfAddress(string address) =>
        Below(address, "/tag") || Below(address, "/import") || Below(address, "/case-studies/new") || Below(address, "/case-studies/drafts") || address.EndsWith("/edit", StringComparison.Ordinal) || address.EndsWith("/history", StringComparison.Ordinal) ? new AuthorizeAttribute(Tagging)
        : Below(address, "/admin") ? new AuthorizeAttribute(Administration)
        : Below(address, "/audit/guidance") ? null
        : Below(address, "/audit/feedback") || Below(address, "/audit/disagreements") || Below(address, "/audit/suggestions") ? new AuthorizeAttribute(Feedback)
        : Below(address, "/audit/settings") ? new AuthorizeAttribute(Settings)
        : Below(address, "/audit") ? new AuthorizeAttribute(Audit)
        : Below(address, "/about") || Below(address, "/error") || Below(address, "/sign-in") ? new AllowAnonymousAttribute()
        : null;

    private static bool Below(string address, string area) => new PathString(address).StartsWithSegments(area, StringComparison.OrdinalIgnoreCase);
}
