using System.Net;
using CoopAI.Core;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Web.Security;

/// <summary>Refuses to listen where other machines can reach the service while nobody has to sign in, or while nobody says who answers for it.</summary>
internal static class ListeningGuard
{
    /// <param name="organisation">Who runs the service, read only when it matters: the record is opened for it.</param>
    /// <exception cref="BadInputException">An address in the configuration is open to other machines, and people need not sign in or the organisation or its contact is missing or an example.</exception>
    public static void Check(IConfiguration configuration, SignInOptions signIn, Func<Organisation> organisation)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        if (Addresses(configuration).FirstOrDefault(a => !IsOfThisMachine(a)) is not { } open) return;
        if (signIn.Mode == SignInMode.None)
        {
            throw new BadInputException(
                $"The service would listen on {open}, which other machines can reach, and nobody would have to sign in. Set SignIn:Mode to Accounts (make accounts with: coopai users add NAME --role administrator) or to Proxy, or listen on this machine only: --urls http://127.0.0.1:5080.");
        }

        var who = organisation();
        string[] missing =
        [
            .. who.Name is null ? ["the organisation (COOPAI_Transparency__Organisation)"] : Array.Empty<string>(),
            .. who.Contact is null ? ["a contact that reaches the accountable role (COOPAI_Answering__Contact; addresses that end in .example are none)"] : Array.Empty<string>(),
        ];
        if (missing.Length == 0) return;
        throw new BadInputException(
            $"The service would listen on {open}, which other machines can reach, and under every brief it says who answers for it. Not said yet: {string.Join(" and ", missing)}. Set it, or start on this machine only (--urls http://127.0.0.1:5080) and fill in the page /admin/organisation.");
    }

    /// <summary>Whether an address can be reached from this machine only. An address that cannot be read counts as open.</summary>
    internal static bool IsOfThisMachine(string address)
    {
        try
        {
            var binding = BindingAddress.Parse(address);
            return binding.IsUnixPipe || string.Equals(binding.Host, "localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(binding.Host, out var ip) && LocalRoleHandler.IsLoopback(ip));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Addresses(IConfiguration configuration)
    {
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is { } url) yield return url;
        }

        if (configuration["urls"] is { Length: > 0 } urls)
        {
            foreach (var url in Split(urls)) yield return url;
            yield break;
        }

        // Ports without an address listen on every address of the machine.
        foreach (var port in Split(configuration["http_ports"])) yield return $"http://*:{port}";
        foreach (var port in Split(configuration["https_ports"])) yield return $"https://*:{port}";
    }

    private static string[] Split(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
