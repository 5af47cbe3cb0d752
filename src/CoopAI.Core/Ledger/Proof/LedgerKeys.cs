using System.Security.Cryptography;

namespace CoopAI.Core.Ledger.Proof;

/// <summary>A public key of the ledger: all that is needed to check its signatures.</summary>
/// <remarks>ECDSA over the curve P-256 with SHA-256. A signature is the 64 bytes r ‖ s (IEEE P1363).</remarks>
public sealed class LedgerPublicKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _lock = new();

    internal LedgerPublicKey(ECDsa key)
    {
        _key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        Pem = key.ExportSubjectPublicKeyInfoPem();
    }

    /// <summary>SHA-256 over the key's SubjectPublicKeyInfo, 64 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The key as PEM ("BEGIN PUBLIC KEY").</summary>
    public string Pem { get; }

    /// <summary>Reads a public key from PEM.</summary>
    /// <param name="pem">PEM text.</param>
    /// <param name="from">Where it was read, for the message.</param>
    /// <exception cref="BadInputException">Not a public key, or not on P-256. A private key is refused too: it is not to be handed round.</exception>
    public static LedgerPublicKey FromPem(string pem, string from = "the public key")
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            throw new BadInputException($"{from} holds a private key. Only the public key is needed here (\"BEGIN PUBLIC KEY\"); keep the private one to the service.");
        return new(LedgerSigner.Import(pem, from));
    }

    /// <summary>Whether <paramref name="signature"/> was made over <paramref name="data"/> with the private half of this key.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
        {
            return signature.Length == 64 && _key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public void Dispose() => _key.Dispose();
}

/// <summary>The ledger's private key.</summary>
public sealed class LedgerSigner : IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _lock = new();

    private LedgerSigner(ECDsa key)
    {
        _key = key;
        Public = new(Import(key.ExportSubjectPublicKeyInfoPem(), "the key"));
    }

    public LedgerPublicKey Public { get; }

    /// <summary>Makes a new key.</summary>
    public static LedgerSigner Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a private key from PEM (PKCS#8 or SEC 1, not encrypted).</summary>
    /// <param name="pem">PEM text.</param>
    /// <param name="from">Where it was read, for the message.</param>
    /// <exception cref="BadInputException">Not a private key, or not on P-256.</exception>
    public static LedgerSigner FromPem(string pem, string from)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (!pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            throw new BadInputException($"{from} does not hold a private key in PEM form (\"BEGIN PRIVATE KEY\").");
        return new(Import(pem, from));
    }

    /// <summary>The private key as PEM (PKCS#8), to be written to a file that only its owner may read.</summary>
    public string ExportPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>The 64 bytes of a signature.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            return _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        Public.Dispose();
    }

    internal static ECDsa Import(string pem, string from)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid;
            if (curve.Value == ECCurve.NamedCurves.nistP256.Oid.Value || curve.FriendlyName is "nistP256" or "ECDSA_P256")
                return key;
            throw new BadInputException($"{from} holds a key on the curve {curve.FriendlyName ?? curve.Value}; the ledger needs P-256.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new BadInputException($"{from} is not an unencrypted ECDSA key in PEM form ({e.Message}).", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
