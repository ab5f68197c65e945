using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Directory.Domain.Integrity;

/// <summary>
/// What an erasure did to the events, as one hash that stands in the event of the erasure: a line <c>sequence:commitment</c> for
/// each masked event in the order of the sequence, the commitment being that of the masked payload in hex. So the chain covers what
/// remains of a masked event too.
/// </summary>
public sealed class ErasureDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>In the order of the sequence.</summary>
    public void Add(long sequence, ReadOnlySpan<byte> commitment) => _hash.AppendData(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{sequence}:{Convert.ToHexStringLower(commitment)}\n")));

    /// <returns>Lower-case hex.</returns>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
