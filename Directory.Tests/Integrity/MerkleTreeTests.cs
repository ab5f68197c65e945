using System.Security.Cryptography;
using System.Text;
using Directory.Domain.Integrity;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

public sealed class MerkleTreeTests
{
    [Fact]
    public void the_root_of_three_leaves_is_the_hash_of_the_first_two_and_the_third()
    {
        var leaves = Leaves(3);

        MerkleTree.Root(leaves).ShouldBe(Node(Node(leaves[0], leaves[1]), leaves[2]));
    }

    [Fact]
    public void the_root_of_one_leaf_is_the_leaf() => MerkleTree.Root(Leaves(1)).ShouldBe(Leaves(1)[0]);

    [Fact]
    public void every_leaf_of_every_tree_is_proved_by_its_siblings_and_no_other_is()
    {
        for (var count = 1; count <= 40; count++)
        {
            var leaves = Leaves(count);
            var root = MerkleTree.Root(leaves);
            for (var i = 0; i < count; i++)
            {
                var proof = MerkleTree.Proof(leaves, i);

                MerkleTree.RootOf(leaves[i], i, count, proof).ShouldBe(root);
                if (count > 1) MerkleTree.RootOf(leaves[(i + 1) % count], i, count, proof).ShouldNotBe(root);
                MerkleTree.RootOf(leaves[i], i, count, [.. proof, leaves[0]]).ShouldBeNull();
                MerkleTree.RootOf(leaves[i], count, count, proof).ShouldBeNull();
            }
        }
    }

    private static byte[][] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => SHA256.HashData(Encoding.ASCII.GetBytes($"{i}")))];

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);
}
