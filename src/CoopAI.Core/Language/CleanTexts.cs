using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CoopAI.Core.Language;

/// <summary>
/// Remembers by their SHA-256 which texts a rule found nothing in, so that a passage that is retrieved again is not read again.
/// </summary>
/// <remarks>
/// Only for verdicts that follow from the text alone. Holds at most <see cref="MostRemembered"/> texts (about 5 MB) and forgets all when it is
/// full. Safe for concurrent use; what it holds never decides a verdict, only how soon it comes.
/// </remarks>
internal sealed class CleanTexts
{
    public const int MostRemembered = 50_000;

    private readonly ConcurrentDictionary<UInt128, byte> clean = new();
    private int count;

    /// <summary>What the text is remembered by: the first half of its SHA-256.</summary>
    public static UInt128 DigestOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    public bool Contains(UInt128 digest) => clean.ContainsKey(digest);

    public void Add(UInt128 digest)
    {
        if (!clean.TryAdd(digest, 0) || Interlocked.Increment(ref count) <= MostRemembered) return;
        clean.Clear();
        Interlocked.Exchange(ref count, 0);
    }
}
