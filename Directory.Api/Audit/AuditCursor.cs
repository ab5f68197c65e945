using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Directory.Domain.Scim;
using Directory.Projections.Audit;
using Directory.Projections.Provisioning;
using Microsoft.AspNetCore.WebUtilities;

namespace Directory.Api.Audit;

/// <summary>
/// Where the next page begins, as a text that only means something with the same filter in the same directory: a sequence number and
/// a keyed hash over it, the filter and the directory.
/// </summary>
public sealed class AuditCursor(InstallationSecret secret)
{
    private const int HashLength = 16;

    public string Write(long sequence, string tenant, AuditFilter filter)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + HashLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sequence);
        Hash(sequence, tenant, filter).AsSpan(0, HashLength).CopyTo(bytes[sizeof(long)..]);
        return WebEncoders.Base64UrlEncode(bytes);
    }

    /// <exception cref="ScimException">400 invalidCursor: altered, or of another filter or directory.</exception>
    public long Read(string cursor, string tenant, AuditFilter filter)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + HashLength];
        if (cursor.Length <= 64 && System.Buffers.Text.Base64Url.IsValid(cursor)
            && System.Buffers.Text.Base64Url.TryDecodeFromChars(cursor, bytes, out var length) && length == bytes.Length)
        {
            var sequence = BinaryPrimitives.ReadInt64BigEndian(bytes);
            if (CryptographicOperations.FixedTimeEquals(bytes[sizeof(long)..], Hash(sequence, tenant, filter).AsSpan(0, HashLength)))
                return sequence;
        }

        throw new ScimException(new ScimError(400, "invalidCursor", "The cursor is not one of this search; begin again without a cursor."));
    }

    private byte[] Hash(long sequence, string tenant, AuditFilter filter) =>
        HMACSHA256.HashData(secret.Key("audit cursor"), Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { sequence, tenant, filter })));
}
