using System.Security.Cryptography;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Tests.Core.Ledger.Proof;

public sealed class MerkleTreeTests
{
    // The reference entries and results of the Certificate Transparency project's tests for RFC 6962.
    private static readonly byte[][] Reference =
        [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }
            .Select(e => MerkleTree.LeafHash(Convert.FromHexString(e)))];

    private static readonly string[] ReferenceRoots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void A_tree_without_leaves_has_the_hash_of_nothing_as_root() =>
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Convert.ToHexStringLower(MerkleTree.Root([])));

    [Fact]
    public void Roots_are_those_of_the_reference_tests()
    {
        for (var n = 1; n <= 8; n++)
            Assert.Equal(ReferenceRoots[n - 1], Convert.ToHexStringLower(MerkleTree.Root(Reference[..n])));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(5, 8, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(1, 5, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void Inclusion_proofs_are_those_of_the_reference_tests(int index, int size, params string[] expected) =>
        Assert.Equal(expected, MerkleTree.InclusionProof(index, size, MerkleTree.InMemory(Reference)).Select(Convert.ToHexStringLower));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void Consistency_proofs_are_those_of_the_reference_tests(int from, int to, params string[] expected) =>
        Assert.Equal(expected, MerkleTree.ConsistencyProof(from, to, MerkleTree.InMemory(Reference)).Select(Convert.ToHexStringLower));

    [Fact]
    public void Every_proof_of_every_small_tree_holds_and_no_other_leaf_place_or_root_does()
    {
        var leaves = Leaves(20);
        var nodes = MerkleTree.InMemory(leaves);
        for (var size = 1; size <= leaves.Length; size++)
        {
            var root = BruteForceRoot(leaves.AsSpan(0, size));
            Assert.Equal(root, MerkleTree.Root(size, nodes));
            for (var i = 0; i < size; i++)
            {
                var proof = MerkleTree.InclusionProof(i, size, nodes);
                Assert.True(MerkleTree.VerifyInclusion(leaves[i], i, size, proof, root), $"leaf {i} of {size}");
                for (var j = 0; j < size; j++)
                {
                    if (j == i) continue;
                    Assert.False(MerkleTree.VerifyInclusion(leaves[j], i, size, proof, root), $"leaf {j} at {i} of {size}");
                    Assert.False(MerkleTree.VerifyInclusion(leaves[i], j, size, proof, root), $"leaf {i} at {j} of {size}");
                }
                if (proof.Count > 0) Assert.False(MerkleTree.VerifyInclusion(leaves[i], i, size, [.. proof.Skip(1)], root));
                Assert.False(MerkleTree.VerifyInclusion(leaves[i], i, size, [.. proof, leaves[i]], root));
            }
            for (var from = 0; from <= size; from++)
            {
                var older = BruteForceRoot(leaves.AsSpan(0, from));
                var proof = MerkleTree.ConsistencyProof(from, size, nodes);
                Assert.True(MerkleTree.VerifyConsistency(from, size, proof, older, root), $"{from} to {size}");
                if (from == 0) continue;
                Assert.False(MerkleTree.VerifyConsistency(from, size, proof, Flipped(older), root));
                if (from < size) Assert.False(MerkleTree.VerifyConsistency(from, size, proof, older, Flipped(root)));
                for (var p = 0; p < proof.Count; p++)
                {
                    byte[][] forged = [.. proof];
                    forged[p] = Flipped(forged[p]);
                    Assert.False(MerkleTree.VerifyConsistency(from, size, forged, older, root), $"{from} to {size}, step {p}");
                }
                Assert.False(MerkleTree.VerifyConsistency(from, size, [.. proof, root], older, root));
            }
        }
    }

    [Fact]
    public void A_growing_edge_knows_the_same_roots_and_nodes_as_the_whole_tree()
    {
        var leaves = Leaves(70);
        var whole = MerkleTree.InMemory(leaves);
        var stored = new Dictionary<(int, long), byte[]>();
        var edge = new MerkleFrontier();
        for (var i = 0; i < leaves.Length; i++)
        {
            foreach (var node in edge.Append(leaves[i]))
            {
                Assert.Equal(whole(node.Level, node.Index), node.Hash);
                stored.Add((node.Level, node.Index), node.Hash);
            }
            Assert.Equal(BruteForceRoot(leaves.AsSpan(0, i + 1)), edge.Root);

            var read = new MerkleFrontier(i + 1, (level, index) => stored[(level, index)]);
            Assert.Equal(edge.Root, read.Root);
        }
        Assert.Equal(MerkleTree.EmptyRoot, new MerkleFrontier(0, whole).Root);
    }

    [Fact]
    public void Proofs_of_impossible_shape_are_refused_without_an_exception()
    {
        var root = MerkleTree.Root(Reference);

        Assert.False(MerkleTree.VerifyInclusion(Reference[0], -1, 8, [], root));
        Assert.False(MerkleTree.VerifyInclusion(Reference[0], 8, 8, [], root));
        Assert.False(MerkleTree.VerifyInclusion(Reference[0], 0, 8, [[1, 2]], root));
        Assert.False(MerkleTree.VerifyInclusion(Reference[0], long.MaxValue - 1, long.MaxValue, [root], root));
        Assert.False(MerkleTree.VerifyConsistency(5, 4, [], root, root));
        Assert.False(MerkleTree.VerifyConsistency(3, 8, [], root, root));
        Assert.False(MerkleTree.VerifyConsistency(8, 8, [root], root, root));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.InclusionProof(8, 8, MerkleTree.InMemory(Reference)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ConsistencyProof(9, 8, MerkleTree.InMemory(Reference)));
    }

    // The definition of RFC 6962, section 2.1, word for word.
    private static byte[] BruteForceRoot(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0) return SHA256.HashData([]);
        if (leaves.Length == 1) return leaves[0];
        var k = 1;
        while (k * 2 < leaves.Length) k *= 2;
        return SHA256.HashData([1, .. BruteForceRoot(leaves[..k]), .. BruteForceRoot(leaves[k..])]);
    }

    private static byte[][] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => MerkleTree.LeafHash([(byte)i]))];

    private static byte[] Flipped(byte[] hash)
    {
        byte[] other = [.. hash];
        other[7] ^= 1;
        return other;
    }
}
