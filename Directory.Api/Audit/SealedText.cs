using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Directory.Domain.Scim;
using Directory.Projections.Provisioning;
using Microsoft.AspNetCore.WebUtilities;

namespace Directory.Api.Audit;

/// <summary>
/// Hands a position to a client so that it comes back as it was, and only to the search it is of: a keyed hash covers the position,
/// the directory and the search.
/// </summary>
public sealed class SealedText(InstallationSecret secret)
{
    private const int HashLength = 16, Longest = 8 * 1024;

    public string Write(string text, string tenant, object search)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return WebEncoders.Base64UrlEncode([.. Hash(bytes, tenant, search), .. bytes]);
    }

    /// <exception cref="ScimException">400 invalidCursor: altered, or of another search or directory.</exception>
    public string Read(string cursor, string tenant, object search)
    {
        if (cursor.Length <= Longest && System.Buffers.Text.Base64Url.IsValid(cursor))
        {
            var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(cursor);
            if (bytes.Length > HashLength
                && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, HashLength), Hash(bytes.AsSpan(HashLength), tenant, search)))
                return Encoding.UTF8.GetString(bytes.AsSpan(HashLength));
        }

        throw new ScimException(new ScimError(400, "invalidCursor", "The cursor is not one of this search; begin again without a cursor."));
    }

    private ReadOnlySpan<byte> Hash(ReadOnlySpan<byte> text, string tenant, object search)
    {
        var bound = JsonSerializer.SerializeToUtf8Bytes(new { tenant, kind = search.GetType().Name, search, text = Convert.ToHexString(text) });
        return HMACSHA256.HashData(secret.Key("audit cursor"), bound).AsSpan(0, HashLength);
    }
}
