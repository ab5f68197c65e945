using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Directory.Domain.Scim;
using Directory.Projections.Provisioning;
using Microsoft.AspNetCore.WebUtilities;

namespace Directory.Api.Audit;

/// <summary>Where the next page of a list begins.</summary>
/// <param name="After">The last id of the page before; empty in a list by versions.</param>
/// <param name="Mark">The last version of the page before, or the end of the period, in UTC ticks, which holds for a whole walk.</param>
public readonly record struct PagePosition(Guid After, long Mark)
{
    public DateTimeOffset Until => new(Mark, TimeSpan.Zero);
}

/// <summary>
/// Writes positions so that they only mean something in the same list of the same directory: the position and a keyed hash over it,
/// the address without cursor and count, and the directory.
/// </summary>
public sealed class PageCursor(InstallationSecret secret)
{
    private const int HashLength = 16, Length = HashLength + sizeof(long) + 16;

    public string Write(HttpContext context, string tenant, PagePosition position)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BitConverter.TryWriteBytes(bytes[HashLength..], position.Mark);
        position.After.TryWriteBytes(bytes[(HashLength + sizeof(long))..]);
        Hash(context, tenant, bytes[HashLength..]).CopyTo(bytes);
        return WebEncoders.Base64UrlEncode(bytes);
    }

    /// <exception cref="ScimException">400 invalidCursor: altered, or of another list or directory.</exception>
    public PagePosition? Read(HttpContext context, string tenant)
    {
        var cursor = context.Request.Query["cursor"].ToString();
        if (cursor.Length == 0) return null;
        Span<byte> bytes = stackalloc byte[Length];
        if (System.Buffers.Text.Base64Url.IsValid(cursor, out var length) && length == Length
            && System.Buffers.Text.Base64Url.TryDecodeFromChars(cursor, bytes, out _)
            && CryptographicOperations.FixedTimeEquals(bytes[..HashLength], Hash(context, tenant, bytes[HashLength..])))
            return new PagePosition(
                new Guid(bytes[(HashLength + sizeof(long))..]), BitConverter.ToInt64(bytes[HashLength..]));
        throw new ScimException(new ScimError(400, "invalidCursor", "The cursor is not one of this list; begin again without a cursor."));
    }

    private ReadOnlySpan<byte> Hash(HttpContext context, string tenant, ReadOnlySpan<byte> position)
    {
        var list = context.Request.Query.Where(p => p.Key is not ("cursor" or "count")).OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => new[] { p.Key, p.Value.ToString() });
        var bound = JsonSerializer.Serialize(new { tenant, path = context.Request.Path.Value, list, position = Convert.ToHexString(position) });
        return HMACSHA256.HashData(secret.Key("page cursor"), Encoding.UTF8.GetBytes(bound)).AsSpan(0, HashLength);
    }
}
