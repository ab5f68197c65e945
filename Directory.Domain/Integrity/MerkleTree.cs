using System.Security.Cryptography;

namespace Directory.Domain.Integrity;

/// <summary>
/// The tree over the leaves of a block, in the form of RFC 9162 §2.1: a node is the hash of the byte 1, its left and its right
/// child; the left subtree is the largest full one that leaves something for the right.
/// </summary>
public static class MerkleTree
{
    /// <exception cref="ArgumentException">There is no leaf.</exception>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length switch
    {
        0 => throw new ArgumentException("A tree needs a leaf.", nameof(leaves)),
        1 => leaves[0],
        var n => Node(Root(leaves[..Split(n)]), Root(leaves[Split(n)..])),
    };

    /// <summary>The siblings from the leaf to the root (RFC 9162 §2.1.3.1), with which whoever has the leaf gets the root.</summary>
    public static IReadOnlyList<byte[]> Proof(ReadOnlySpan<byte[]> leaves, int index)
    {
        var proof = new List<byte[]>();
        Collect(leaves, index, proof);
        return proof;
    }

    /// <summary>The root that a leaf and its proof give; null if the proof does not fit the place (RFC 9162 §2.1.3.2).</summary>
    public static byte[]? RootOf(byte[] leaf, int index, int count, IReadOnlyList<byte[]> proof)
    {
        if (index < 0 || index >= count) return null;
        var (place, last, hash) = (index, count - 1, leaf);
        foreach (var sibling in proof)
        {
            if (last == 0) return null;
            if ((place & 1) == 1 || place == last)
            {
                hash = Node(sibling, hash);
                while ((place & 1) == 0 && place != 0) (place, last) = (place >> 1, last >> 1);
            }
            else
                hash = Node(hash, sibling);

            (place, last) = (place >> 1, last >> 1);
        }

        return last == 0 ? hash : null;
    }

    private static void Collect(ReadOnlySpan<byte[]> leaves, int index, List<byte[]> proof)
    {
        if (leaves.Length <= 1) return;
        var split = Split(leaves.Length);
        if (index < split)
        {
            Collect(leaves[..split], index, proof);
            proof.Add(Root(leaves[split..]));
        }
        else
        {
            Collect(leaves[split..], index - split, proof);
            proof.Add(Root(leaves[..split]));
        }
    }

    private static int Split(int count) => (int)(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count) / 2);

    private static byte[] Node(byte[] left, byte[] right)
    {
        Span<byte> node = stackalloc byte[1 + 2 * LeafHash.Length];
        node[0] = SealedText.Node;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + LeafHash.Length)..]);
        return SHA256.HashData(node);
    }
}
