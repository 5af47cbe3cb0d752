using System.ComponentModel.DataAnnotations;

namespace CoopAI.Web.Security;

/// <summary>Sign-in with a council's own accounts, beside those of the service: Microsoft Entra ID or any other OpenID Connect provider.</summary>
public sealed class OpenIdConnectSettings : IValidatableObject
{
    /// <summary>The provider's address (issuer), such as https://login.microsoftonline.com/TENANT/v2.0. Default none: only accounts of the service itself. Without TLS only on this machine.</summary>
    public Uri? Authority { get; init; }

    /// <summary>Id under which the provider knows this service.</summary>
    public string? ClientId { get; init; }

    /// <summary>File with the secret that the provider gave, and nothing else. Default none: the provider takes this service without one.</summary>
    public string? ClientSecretFile { get; init; }

    /// <summary>What the button calls these accounts. Default "your council account".</summary>
    [Required, StringLength(60)] public string Name { get; init; } = "your council account";

    /// <summary>The claim that holds roles or groups. Default "roles".</summary>
    [Required, StringLength(200)] public string RoleClaim { get; init; } = "roles";

    /// <summary>The claim that holds the name an account gets. Default "preferred_username".</summary>
    [Required, StringLength(200)] public string NameClaim { get; init; } = "preferred_username";

    /// <summary>Which value of <see cref="RoleClaim"/> means which role here: "coopai-members": "member". Default none: people come by invitation alone.</summary>
    public Dictionary<string, string> Roles { get; init; } = [];

    /// <summary>Whether a provider is configured.</summary>
    public bool IsUsed => Authority is not null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsUsed) yield break;
        if (!Authority!.IsAbsoluteUri || (Authority.Scheme != "https" && !(Authority.Scheme == "http" && Authority.IsLoopback)))
            yield return new($"SignIn:OpenIdConnect:{nameof(Authority)} is \"{Authority}\"; it must be an https address.", [nameof(Authority)]);
        if (string.IsNullOrWhiteSpace(ClientId)) yield return new($"SignIn:OpenIdConnect:{nameof(ClientId)} is missing: the provider gives it when this service is registered there.", [nameof(ClientId)]);
        if (ClientSecretFile is not null && !File.Exists(ClientSecretFile)) yield return new($"SignIn:OpenIdConnect:{nameof(ClientSecretFile)} is \"{ClientSecretFile}\", and there is no such file.", [nameof(ClientSecretFile)]);
        foreach (var (value, role) in Roles.Where(r => !Security.Roles.Contains(r.Value)))
            yield return new($"SignIn:OpenIdConnect:{nameof(Roles)}:{value} is \"{role}\"; it must be officer, staff, member or administrator.", [nameof(Roles)]);
    }
}
