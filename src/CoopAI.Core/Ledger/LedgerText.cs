using System.Security.Cryptography;
using System.Text;

namespace CoopAI.Core.Ledger;

/// <summary>
/// A text that may have to be erased one day: it lies beside the ledger, and only its salted hash is in the tree. Without text and salt
/// nobody can tell from the hash what it said, not even by trying likely questions.
/// </summary>
/// <param name="Name">Name within the entry, such as <c>question</c>.</param>
/// <param name="Text">Well-formed Unicode.</param>
/// <param name="Salt">32 random bytes.</param>
public sealed record LedgerText(string Name, string Text, byte[] Salt)
{
    public const int SaltSize = 32;

    /// <summary><c>SHA-256(salt ‖ UTF-8 text)</c>, hexadecimal.</summary>
    public string Commitment => Commit(Text, Salt);

    /// <inheritdoc cref="Commitment"/>
    public static string Commit(string text, ReadOnlySpan<byte> salt)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Each half of a surrogate pair that stands alone becomes U+FFFD, as it would in UTF-8, so that text and hash agree for good.</summary>
    public static string WellFormed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }
}
