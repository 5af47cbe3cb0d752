using CoopAI.Core;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Where the ledger's private key lies: one PEM file that only its owner may read, with the public key beside it.</summary>
/// <param name="path">The file; made at first use when it is missing and no entry was signed yet.</param>
public sealed class LedgerKeyFile(string path)
{
    public const string DefaultName = "ledger-key.pem";

    // The public half is for everybody.
    private const UnixFileMode ForAll = SmallFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The public key's file: what members are given.</summary>
    public string PublicPath => System.IO.Path.ChangeExtension(Path, ".pub.pem");

    /// <summary>The signer, made when there is none.</summary>
    /// <param name="signedBy">Id of the key that signed the newest head; null: nothing was signed yet.</param>
    /// <exception cref="BadInputException">The key is missing although entries were signed, is another one, is open to other people, or cannot be read.</exception>
    public LedgerSigner Load(string? signedBy)
    {
        if (Directory.Exists(Path)) throw new BadInputException($"The ledger's key {Path} is a folder; it must be the file with the private key. Put the file in its place.");
        if (!File.Exists(Path))
        {
            if (signedBy is not null && Recover(signedBy) is { } recovered) return recovered;
            if (signedBy is not null)
            {
                throw new BadInputException(
                    $"The ledger's key file {Path} is missing; the ledger was last signed with the key {Short(signedBy)}. Put the file back. If the key is lost for good, run \"coopai ledger rotate-key --lost --by NAME --reason TEXT\": the change is recorded for everybody to see.");
            }
            Create(Path, LedgerSigner.Create());
        }

        var signer = Read(Path);
        if (signedBy is not null && signer.Public.Id != signedBy)
        {
            signer.Dispose();
            return Recover(signedBy) ?? throw new BadInputException(
                $"{Path} holds another key than the one that last signed the ledger ({Short(signedBy)}). Put the right file back, or record the change with \"coopai ledger rotate-key\".");
        }
        // A file that a kill or another hand left empty or wrong is mended here.
        if (!File.Exists(PublicPath) || File.ReadAllText(PublicPath).Trim() != signer.Public.Pem.Trim()) SmallFile.Write(PublicPath, signer.Public.Pem + "\n", ForAll);
        return signer;
    }

    /// <summary>The public key: of the private one where that can be read, else from the file for members; null when neither is there.</summary>
    public LedgerPublicKey? LoadPublic()
    {
        using (var own = TryRead())
        {
            if (own is not null) return LedgerPublicKey.FromPem(own.Public.Pem);
        }

        if (File.Exists(PublicPath)) return LedgerPublicKey.FromPem(ReadText(PublicPath), PublicPath);
        if (!File.Exists(Path)) return null;
        using var signer = Read(Path);
        return LedgerPublicKey.FromPem(signer.Public.Pem);
    }

    /// <summary>The key in the file, whatever the ledger says; null when there is none or it cannot be used.</summary>
    public LedgerSigner? TryRead()
    {
        try
        {
            return File.Exists(Path) ? Read(Path) : null;
        }
        catch (BadInputException)
        {
            return null;
        }
    }

    /// <summary>Writes a next key beside the file, so that it is safe before the ledger names it.</summary>
    public LedgerSigner CreateNext()
    {
        var signer = LedgerSigner.Create();
        var next = NextPath(signer.Public.Id);
        Create(next, signer);
        return signer;
    }

    /// <summary>Puts a next key in the file's place; the old one is kept beside it under its id.</summary>
    public void Adopt(string keyId)
    {
        if (File.Exists(Path))
        {
            using var old = TryRead();
            File.Move(Path, old is null ? Path + ".unusable" : NextPath(old.Public.Id), overwrite: true);
        }
        File.Move(NextPath(keyId), Path);
        using var signer = Read(Path);
        SmallFile.Write(PublicPath, signer.Public.Pem + "\n", ForAll);
    }

    // A kill between the entry that names a new key and the exchange of the files leaves the new key beside the old one.
    private LedgerSigner? Recover(string keyId)
    {
        if (!File.Exists(NextPath(keyId))) return null;
        Adopt(keyId);
        return Read(Path);
    }

    private string NextPath(string keyId) => System.IO.Path.ChangeExtension(Path, $".{keyId[..16]}.pem");

    private static void Create(string path, LedgerSigner signer)
    {
        try
        {
            // Two processes may start at once: the first file stays, and both read it.
            if (!File.Exists(path)) SmallFile.Write(path, signer.ExportPem() + "\n", overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // The other process was first.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The ledger's key file {path} cannot be made: {e.Message}", e);
        }
    }

    private static LedgerSigner Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~SmallFile.OwnerOnly) is var more and not 0)
        {
            throw new BadInputException($"The ledger's key file {path} is open to more than its owner ({more}). Close it with \"chmod 600\"; if somebody else may have read it, change the key with \"coopai ledger rotate-key\".");
        }
        return LedgerSigner.FromPem(ReadText(path), path);
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static string Short(string keyId) => keyId[..16] + "…";
}
