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

    /// <summary>A session ends this long after signing in, used or not. Default 24 hours; an hour to 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")] public TimeSpan LongestSession { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether administrators need an authenticator app to reach their pages, in the mode Accounts. Default true.</summary>
    public bool SecondFactorForAdministrators { get; init; } = true;

    /// <summary>Sign-in with a council's own accounts, in the mode Accounts.</summary>
    public OpenIdConnectSettings OpenIdConnect { get; init; } = new();

    /// <summary>
    /// IP address of the proxy in front, which ends TLS. Its X-Forwarded-For and X-Forwarded-Proto say who asks and how, and in the mode Proxy
    /// its headers say who somebody is; those of any other sender are ignored. Default none; needed for the mode Proxy.
    /// </summary>
    public string? ProxyAddress { get; init; }

    /// <summary>
    /// Address by which people know the service, such as https://coopai.council.example. It stands in links of files and invitations, and
    /// requests for other hosts than it and this machine are refused. Default none: files then hold paths instead of links.
    /// </summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>The header with the person's name, which may not hold a comma. Default X-Remote-User.</summary>
    [Required, RegularExpression("^[A-Za-z0-9-]{1,100}$")] public string UserHeader { get; init; } = "X-Remote-User";

    /// <summary>The header with the person's role: officer, staff, member or administrator; without it, officer. Default X-Remote-Role.</summary>
    [Required, RegularExpression("^[A-Za-z0-9-]{1,100}$")] public string RoleHeader { get; init; } = "X-Remote-Role";

    /// <summary>Requests a minute from one person, where sign-in is used. Default 600.</summary>
    [Range(10, 100_000)] public int RequestsPerMinute { get; init; } = 600;

    /// <summary>Questions a minute from one person, where sign-in is used. Default 30.</summary>
    [Range(1, 10_000)] public int QuestionsPerMinute { get; init; } = 30;

    /// <summary>Kilobytes of long texts a minute from one person, where sign-in is used: drafts to compare, texts to tag, case studies. Default 2,048.</summary>
    [Range(1024, 1_000_000)] public int KilobytesPerMinute { get; init; } = 2048;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var deeper = new List<ValidationResult>();
        Validator.TryValidateObject(OpenIdConnect, new(OpenIdConnect), deeper, validateAllProperties: true);
        foreach (var wrong in deeper) yield return wrong;
        if (OpenIdConnect.IsUsed && Mode != SignInMode.Accounts)
            yield return new($"{Section}:{nameof(OpenIdConnect)} needs {Section}:{nameof(Mode)} Accounts.", [nameof(OpenIdConnect)]);
        if (PublicAddress is { } address && (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.AbsolutePath != "/"))
            yield return new($"{Section}:{nameof(PublicAddress)} is \"{address}\"; it must be an address of the web without a path, such as https://coopai.council.example.", [nameof(PublicAddress)]);
        if (Mode != SignInMode.Proxy && !string.IsNullOrEmpty(ProxyAddress) && !IPAddress.TryParse(ProxyAddress, out _))
            yield return new($"{Section}:{nameof(ProxyAddress)} is \"{ProxyAddress}\"; it must be the proxy's IP address, such as 10.0.0.5, or be left out.", [nameof(ProxyAddress)]);
        if (Mode == SignInMode.Proxy && !IPAddress.TryParse(ProxyAddress, out _))
            yield return new($"{Section}:{nameof(ProxyAddress)} is \"{ProxyAddress}\"; for the mode Proxy it must be the proxy's IP address, such as 10.0.0.5.", [nameof(ProxyAddress)]);
    }
}
