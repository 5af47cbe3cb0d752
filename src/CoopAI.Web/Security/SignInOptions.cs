using System.ComponentModel.DataAnnotations;
using System.Net;

namespace CoopAI.Web.Security;

/// <summary>How the service knows who somebody is.</summary>
public enum SignInMode
{
    /// <summary>Nobody signs in. Only for addresses that this machine alone can reach.</summary>
    None,

    /// <summary>Accounts of the service itself, made with <c>coopai users</c>.</summary>
    Accounts,

    /// <summary>A proxy in front signs people in and names them in headers.</summary>
    Proxy,
}

/// <summary>Settings of sign-in.</summary>
public sealed class SignInOptions : IValidatableObject
{
    public const string Section = "SignIn";

    /// <summary>Default None: the service then listens on this machine only.</summary>
    public SignInMode Mode { get; init; } = SignInMode.None;

    /// <summary>A session ends after this time without a request. Default 8 hours; 5 minutes to 7 days.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")] public TimeSpan Session { get; init; } = TimeSpan.FromHours(8);

    /// <summary>The proxy's IP address. Headers of any other sender are ignored. Needed for the mode Proxy.</summary>
    public string? ProxyAddress { get; init; }

    /// <summary>The header with the person's name, which may not hold a comma. Default X-Remote-User.</summary>
    [Required, RegularExpression("^[A-Za-z0-9-]{1,100}$")] public string UserHeader { get; init; } = "X-Remote-User";

    /// <summary>The header with the person's role: officer, staff, member or administrator; without it, officer. Default X-Remote-Role.</summary>
    [Required, RegularExpression("^[A-Za-z0-9-]{1,100}$")] public string RoleHeader { get; init; } = "X-Remote-Role";

    /// <summary>Requests a minute from one person, where sign-in is used. Default 600.</summary>
    [Range(10, 100_000)] public int RequestsPerMinute { get; init; } = 600;

    /// <summary>Questions a minute from one person, where sign-in is used. Default 30.</summary>
    [Range(1, 10_000)] public int QuestionsPerMinute { get; init; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mode == SignInMode.Proxy && !IPAddress.TryParse(ProxyAddress, out _))
            yield return new($"{Section}:{nameof(ProxyAddress)} is \"{ProxyAddress}\"; for the mode Proxy it must be the proxy's IP address, such as 10.0.0.5.", [nameof(ProxyAddress)]);
    }
}
