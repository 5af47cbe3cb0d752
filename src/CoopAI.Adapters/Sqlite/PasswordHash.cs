using System.Globalization;
using System.Security.Cryptography;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Passwords as PBKDF2 (RFC 8018) with HMAC-SHA-256: <c>pbkdf2-sha256$iterations$salt$hash</c>, both in base 64.</summary>
internal static class PasswordHash
{
    /// <summary>As OWASP's password storage cheat sheet asks for HMAC-SHA-256.</summary>
    public const int Iterations = 600_000;

    private const string Name = "pbkdf2-sha256";

    private const int Bytes = 32;

    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return $"{Name}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt, Iterations))}";
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Verify(string password, string stored)
    {
        if (stored.Split('$') is not [Name, var iterations, var salt, var hash]) return false;
        var derived = Derive(password, Convert.FromBase64String(salt), int.Parse(iterations, CultureInfo.InvariantCulture));
        return CryptographicOperations.FixedTimeEquals(derived, Convert.FromBase64String(hash));
    }

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password.Normalize(System.Text.NormalizationForm.FormC), salt, iterations, HashAlgorithmName.SHA256, Bytes);
}
