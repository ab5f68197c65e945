using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Projections.Provisioning;
using Directory.Projections.Search;

namespace Directory.Api.Protocol;

/// <summary>
/// The cursors of RFC 9865: the place in the order where a walk goes on, sealed for one directory, its types of resources, one filter
/// and one order. A sort key is a value of an attribute that the client need not be allowed to see, so it is encrypted.
/// </summary>
public sealed class ListCursor(InstallationSecret secret, TimeProvider clock)
{
    /// <summary>Seconds for which a cursor is good. Nothing is kept for it on the server; what is limited is how old a walk may grow.</summary>
    public const int TimeoutSeconds = 3600;

    private const byte Backward = 1, HasKey = 2;
    private const int KeyAt = 1 + 16 + sizeof(long);

    private readonly CursorSeal _seal = new(secret, "scim cursor", clock);

    /// <param name="step">Where to go on.</param>
    /// <param name="total">Of all that match, told again on the next page.</param>
    /// <param name="search">What the cursor is good for.</param>
    public string Write(ListStep step, long total, ResourceSearch search)
    {
        var position = step.From!;
        var content = new byte[KeyAt + Encoding.UTF8.GetByteCount(position.Key ?? "")];
        content[0] = (byte)((step.Backward ? Backward : 0) | (position.Key is null ? 0 : HasKey));
        position.Id.TryWriteBytes(content.AsSpan(1), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(17), total);
        Encoding.UTF8.GetBytes(position.Key ?? "", content.AsSpan(KeyAt));
        return _seal.Seal(content, Context(search));
    }

    /// <param name="cursor">From the client; empty for the first page.</param>
    /// <param name="search">What it is used for.</param>
    /// <exception cref="ScimException">400 invalidCursor: altered, or of another query; 400 expiredCursor.</exception>
    public (ListStep Step, long? Total) Read(string cursor, ResourceSearch search)
    {
        if (cursor.Length == 0) return (ListStep.First, null);
        if (_seal.Open(cursor, Context(search)) is not var (content, age)) throw new ScimException(ScimError.InvalidCursor);
        if (age > TimeSpan.FromSeconds(TimeoutSeconds)) throw new ScimException(ScimError.ExpiredCursor(TimeoutSeconds));
        var key = (content[0] & HasKey) == 0 ? null : Encoding.UTF8.GetString(content.AsSpan(KeyAt));
        var position = new ListPosition(key, new Guid(content.AsSpan(1, 16), bigEndian: true));
        return (new ListStep(position, (content[0] & Backward) != 0), BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(17)));
    }

    // Filters and names are compared as they were understood: RFC 9865 §2 itself asks for userName first and for username next.
    private static string Context(ResourceSearch search) => JsonSerializer.Serialize(new
    {
        search.Tenant,
        search.Descending,
        Sources = search.Sources.Select(source => new
        {
            source.Table.Type.Name,
            Filter = source.Filter is null ? null : FilterPrinter.Print(source.Filter),
            SortBy = source.SortBy?.ToString(),
        }),
    });
}
