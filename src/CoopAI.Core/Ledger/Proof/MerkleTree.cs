using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;

namespace CoopAI.Core.Ledger.Proof;

/// <summary>Hash of the complete subtree over the leaves <c>index · 2^level</c> up to, not including, <c>(index + 1) · 2^level</c>.</summary>
/// <param name="level">0 is a leaf.</param>
/// <param name="index">0-based place within the level.</param>
public delegate byte[] MerkleNodes(int level, long index);

/// <summary>A complete subtree and its hash.</summary>
public sealed record MerkleNode(int Level, long Index, byte[] Hash);

/// <summary>The Merkle tree of a log: hashes, proofs that an entry is in it, proofs that a longer log continues a shorter one, and their checks.</summary>
/// <remarks>Source: RFC 6962 section 2.1; the checks follow RFC 9162 sections 2.1.3.2 and 2.1.4.2. All hashes are SHA-256, 32 bytes.</remarks>
public static class MerkleTree
{
    /// <summary>Length of every hash, in bytes.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Root of a tree without leaves: the hash of nothing.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary><c>SHA-256(0x00 ‖ entry)</c>.</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> entry)
    {
        // One call over a copy is several times faster than an incremental hash for entries of this size.
        var rented = ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        rented[0] = 0;
        entry.CopyTo(rented.AsSpan(1));
        var hash = SHA256.HashData(rented.AsSpan(0, entry.Length + 1));
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary><c>SHA-256(0x01 ‖ left ‖ right)</c>.</summary>
    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> both = stackalloc byte[1 + 2 * HashSize];
        both[0] = 1;
        left.CopyTo(both[1..]);
        right.CopyTo(both[(1 + HashSize)..]);
        return SHA256.HashData(both);
    }

    /// <summary>Root over leaf hashes held in memory.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leaves) => Root(leaves.Count, InMemory(leaves));

    /// <summary>Root of the first <paramref name="size"/> leaves.</summary>
    public static byte[] Root(long size, MerkleNodes nodes) => size == 0 ? EmptyRoot : Range(0, size, nodes);

    /// <summary>The hashes that, with the leaf at <paramref name="index"/>, give the root of the first <paramref name="size"/> leaves; nearest the leaf first.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not below <paramref name="size"/>.</exception>
    public static IReadOnlyList<byte[]> InclusionProof(long index, long size, MerkleNodes nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var proof = new List<byte[]>();
        Path(index, 0, size, nodes, proof);
        return proof;
    }

    /// <summary>The hashes that show the first <paramref name="from"/> leaves to be unchanged in the first <paramref name="to"/>.</summary>
    /// <returns>Empty when the sizes are equal or <paramref name="from"/> is 0: there is nothing to show.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> is negative or above <paramref name="to"/>.</exception>
    public static IReadOnlyList<byte[]> ConsistencyProof(long from, long to, MerkleNodes nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var proof = new List<byte[]>();
        if (from > 0 && from < to)
            Subproof(from, 0, to, whole: true, nodes, proof);
        return proof;
    }

    /// <summary>Whether <paramref name="leaf"/> stands at <paramref name="index"/> in the tree of this size and root. Never throws on a proof of the wrong shape.</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || leaf.Length != HashSize || root.Length != HashSize || proof.Any(h => h is not { Length: HashSize }))
            return false;

        var (fn, sn) = (index, size - 1);
        var hash = leaf.ToArray();
        foreach (var step in proof)
        {
            if (sn == 0)
                return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                hash = NodeHash(step, hash);
                while ((fn & 1) == 0 && fn != 0)
                    (fn, sn) = (fn >> 1, sn >> 1);
            }
            else
            {
                hash = NodeHash(hash, step);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>Whether the log of size <paramref name="to"/> begins with the whole log of size <paramref name="from"/>. Never throws on a proof of the wrong shape.</summary>
    public static bool VerifyConsistency(long from, long to, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot)
    {
        if (from < 0 || from > to || fromRoot.Length != HashSize || toRoot.Length != HashSize || proof.Any(h => h is not { Length: HashSize }))
            return false;
        if (from == to)
            return proof.Count == 0 && fromRoot.SequenceEqual(toRoot);
        if (from == 0)
            return proof.Count == 0 && fromRoot.SequenceEqual(EmptyRoot);
        if (proof.Count == 0)
            return false;

        IReadOnlyList<byte[]> path = BitOperations.IsPow2(from) ? [fromRoot.ToArray(), .. proof] : proof;
        var (fn, sn) = (from - 1, to - 1);
        while ((fn & 1) == 1)
            (fn, sn) = (fn >> 1, sn >> 1);
        var (older, newer) = (path[0], path[0]);
        foreach (var step in path.Skip(1))
        {
            if (sn == 0)
                return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                older = NodeHash(step, older);
                newer = NodeHash(step, newer);
                while ((fn & 1) == 0 && fn != 0)
                    (fn, sn) = (fn >> 1, sn >> 1);
            }
            else
            {
                newer = NodeHash(newer, step);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && older.AsSpan().SequenceEqual(fromRoot) && newer.AsSpan().SequenceEqual(toRoot);
    }

    /// <summary>Reads complete subtrees from leaf hashes in memory, computing the ones above.</summary>
    public static MerkleNodes InMemory(IReadOnlyList<byte[]> leaves)
    {
        byte[] Node(int level, long index) =>
            level == 0 ? leaves[(int)index] : NodeHash(Node(level - 1, 2 * index), Node(level - 1, 2 * index + 1));
        return Node;
    }

    // Every range reached from (0, size) by splitting starts at a multiple of the power of two it may be complete for.
    private static byte[] Range(long start, long end, MerkleNodes nodes)
    {
        var n = end - start;
        if (BitOperations.IsPow2(n))
        {
            var level = BitOperations.TrailingZeroCount(n);
            return nodes(level, start >> level);
        }
        var k = LargestPowerBelow(n);
        return NodeHash(Range(start, start + k, nodes), Range(start + k, end, nodes));
    }

    private static void Path(long index, long start, long end, MerkleNodes nodes, List<byte[]> proof)
    {
        if (end - start == 1)
            return;
        var middle = start + LargestPowerBelow(end - start);
        if (index < middle)
        {
            Path(index, start, middle, nodes, proof);
            proof.Add(Range(middle, end, nodes));
        }
        else
        {
            Path(index, middle, end, nodes, proof);
            proof.Add(Range(start, middle, nodes));
        }
    }

    private static void Subproof(long from, long start, long end, bool whole, MerkleNodes nodes, List<byte[]> proof)
    {
        if (from == end - start)
        {
            if (!whole)
                proof.Add(Range(start, end, nodes));
            return;
        }
        var k = LargestPowerBelow(end - start);
        if (from <= k)
        {
            Subproof(from, start, start + k, whole, nodes, proof);
            proof.Add(Range(start + k, end, nodes));
        }
        else
        {
            Subproof(from - k, start + k, end, whole: false, nodes, proof);
            proof.Add(Range(start, start + k, nodes));
        }
    }

    private static long LargestPowerBelow(long n) => 1L << BitOperations.Log2((ulong)(n - 1));
}

/// <summary>The right edge of a growing Merkle tree: the roots of its complete subtrees, all that is needed to append and to know the root.</summary>
public sealed class MerkleFrontier
{
    private readonly List<MerkleNode> _peaks = [];

    /// <summary>An empty tree.</summary>
    public MerkleFrontier()
    {
    }

    /// <summary>The edge of a tree of <paramref name="size"/> leaves, read from its stored nodes in O(log n).</summary>
    public MerkleFrontier(long size, MerkleNodes nodes)
    {
        Size = size;
        var start = 0L;
        for (var level = 62; level >= 0; level--)
        {
            if ((size >> level & 1) == 1)
            {
                _peaks.Add(new(level, start >> level, nodes(level, start >> level)));
                start += 1L << level;
            }
        }
    }

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>Root over all leaves so far.</summary>
    public byte[] Root
    {
        get
        {
            if (_peaks.Count == 0)
                return MerkleTree.EmptyRoot;
            var hash = _peaks[^1].Hash;
            for (var i = _peaks.Count - 2; i >= 0; i--)
                hash = MerkleTree.NodeHash(_peaks[i].Hash, hash);
            return hash;
        }
    }

    /// <summary>Adds one leaf.</summary>
    /// <returns>The complete subtrees that this leaf closed, itself first; two on average.</returns>
    public IReadOnlyList<MerkleNode> Append(byte[] leafHash)
    {
        var node = new MerkleNode(0, Size++, leafHash);
        var closed = new List<MerkleNode> { node };
        while (_peaks.Count > 0 && _peaks[^1].Level == node.Level)
        {
            node = new(node.Level + 1, node.Index >> 1, MerkleTree.NodeHash(_peaks[^1].Hash, node.Hash));
            _peaks.RemoveAt(_peaks.Count - 1);
            closed.Add(node);
        }
        _peaks.Add(node);
        return closed;
    }
}
