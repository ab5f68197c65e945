using System.Security.Cryptography;
using Directory.Domain.Integrity;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>Walks the chain of blocks: numbers, ranges, hashes and signatures.</summary>
internal sealed class BlockVerification(
    NpgsqlConnection connection, IReadOnlyList<VerificationKey> trusted, Findings findings) : IDisposable
{
    private const int PageSize = 200, MostLeaves = 10_000;

    private readonly Dictionary<string, VerificationKey> _keys = new(StringComparer.Ordinal);
    private long _unvouched = 1;

    public BlockRow? Head { get; private set; }

    public long Count { get; private set; }

    public IReadOnlyDictionary<string, VerificationKey> Keys => _keys;

    /// <summary>Whether the last block is signed with a trusted key, which vouches for every block before it.</summary>
    public bool IsTrusted => Head is not null && trusted.Any(k => k.Id == Head.Block.KeyId);

    public async Task LoadKeys(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select id, public_key from seal_key", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            try
            {
                var key = new VerificationKey(reader.GetString(1));
                if (key.Id == reader.GetString(0)) _keys[key.Id] = key;
                else key.Dispose();
            }
            catch (CryptographicException)
            {
                // What is signed with it cannot be verified, and is found then.
                continue;
            }
    }

    /// <summary>The next blocks, verified as blocks; together they have at most so many leaves that they fit in memory. Empty at the end.</summary>
    public async Task<IReadOnlyList<SealedBlock>> Next(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select {SealRows.BlockColumns} from seal_block where number > $1 order by number limit {PageSize}", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Head?.Block.Number ?? long.MinValue });
        var page = new List<SealedBlock>();
        var leaves = 0L;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (leaves < MostLeaves && await reader.ReadAsync(cancellation))
        {
            var row = SealRows.ReadBlock(reader);
            Verify(row);
            leaves += Math.Max(1, row.Block.Leaves);
            page.Add(row.Block);
            Head = row;
            Count++;
        }

        return page;
    }

    /// <summary>After the last block: whether somebody known from outside signed it.</summary>
    public void VerifyTrust()
    {
        if (Head is not null && trusted.Count > 0 && !IsTrusted)
            findings.Add(_unvouched, FindingKind.KeyUntrusted, $"The blocks from {_unvouched} on are signed with a key that is not known from outside the database.");
    }

    public bool IsSigned(string keyId, byte[] text, byte[] signature)
    {
        var key = trusted.FirstOrDefault(k => k.Id == keyId) ?? _keys.GetValueOrDefault(keyId);
        return key is not null && key.Verifies(text, signature);
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values) key.Dispose();
    }

    private void Verify(BlockRow row)
    {
        var (block, before) = (row.Block, Head);
        var next = (before?.Block.Last ?? 0) + 1;
        var number = (before?.Block.Number ?? 0) + 1;
        if (block.Number != number)
            findings.Add(next, FindingKind.BlockMissing, $"Block {number} is not there; the next is {block.Number}.");
        else if (block.First != next || block.Last < block.First)
            findings.Add(Math.Min(next, block.First), FindingKind.BlockEdited, $"Block {block.Number} should begin at {next} and claims {block.First} to {block.Last}.");
        else if (!Same(block.Previous, before?.Hash ?? SealedBlock.NoPrevious))
            findings.Add(block.First, FindingKind.BlockEdited, $"Block {block.Number} does not follow the block before it.");

        if (!Same(row.Hash, block.Hash()))
            findings.Add(block.First, FindingKind.BlockEdited, $"Block {block.Number} is not what its hash was made of.");
        if (!IsSigned(block.KeyId, block.Text(), row.Signature))
            findings.Add(block.First, FindingKind.SignatureInvalid, $"The signature of block {block.Number} is not valid.");
        if (trusted.Any(k => k.Id == block.KeyId)) _unvouched = block.Last + 1;
    }

    private static bool Same(byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b);
}
