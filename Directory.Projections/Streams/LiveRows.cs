using Directory.Domain;
using NpgsqlTypes;

namespace Directory.Projections.Streams;

/// <summary>A live user or group as its row is to hold it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Meta">Its versions and times.</param>
/// <param name="ManagedBy">The connection that manages it, null for a local one.</param>
/// <param name="Body">What ResourceWriter wrote.</param>
/// <param name="NameKey">The folded name, unique within the directory.</param>
internal sealed record LiveRow(Guid Id, ResourceMeta Meta, string? ManagedBy, string Body, string NameKey);

/// <summary>
/// Writes the rows of <c>scim_user</c> or <c>scim_group</c>. An insert and an update each know which they are, and an update writes what
/// changed: an upsert would look for the row first and keep every index whatever happened.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="nameKey">Its column with the folded name.</param>
/// <param name="attributes">Its other columns that follow from the attributes.</param>
internal sealed class LiveRows(string table, string nameKey, string[] attributes)
{
    private const string Where = " where tenant_id = ^ and id = ^";

    private static readonly string[] Common = ["tenant_id", "id", "created", "version", "stream_version", "last_modified", "managed_by", "body"];

    private readonly string _insert = $"""
        insert into {table} ({ColumnsOf(nameKey, attributes)})
        select {string.Join(", ", Enumerable.Repeat("^", Common.Length + 1 + attributes.Length))}
        """;

    private readonly string _update =
        $"update {table} set version = ^, stream_version = ^, last_modified = ^, managed_by = ^, body = ^";

    private readonly string _attributes = string.Concat(attributes.Prepend(nameKey).Select(column => $", {column} = ^"));

    /// <summary>The columns of a row, in the order of <see cref="Values"/>.</summary>
    public string Columns { get; } = ColumnsOf(nameKey, attributes);

    public (object? Value, NpgsqlDbType Type)[] Values(string tenant, LiveRow row, (object? Value, NpgsqlDbType Type)[] values) =>
    [
        (tenant, NpgsqlDbType.Text), (row.Id, NpgsqlDbType.Uuid), (row.Meta.Created, NpgsqlDbType.TimestampTz), .. Always(row),
        (row.NameKey, NpgsqlDbType.Text), .. values,
    ];

    /// <summary>The row of one that had none: a new one, or one that comes back.</summary>
    /// <param name="tenant">The directory.</param>
    /// <param name="row">What to store.</param>
    /// <param name="values">The values of the attributes' columns.</param>
    /// <param name="waits">Whether to wait for others who take the name.</param>
    public SqlOperation Add(string tenant, LiveRow row, (object? Value, NpgsqlDbType Type)[] values, bool waits) => waits
        ? new SqlOperation($"{_insert} where {NameTurn.Take}", [.. Values(tenant, row, values), Turn(tenant, row)])
        : new SqlOperation(_insert, Values(tenant, row, values));

    /// <summary>A change that left the attributes alone, as one of members does.</summary>
    public SqlOperation Move(string tenant, LiveRow row) => new(_update + Where, [.. Always(row), .. Id(tenant, row)]);

    /// <summary>A change of attributes; another name is taken in turn.</summary>
    /// <param name="tenant">The directory.</param>
    /// <param name="row">What to store.</param>
    /// <param name="keyBefore">The folded name that the row has.</param>
    /// <param name="values">The values of the attributes' columns.</param>
    /// <param name="waits">Whether to wait for others who take the name.</param>
    public SqlOperation Change(string tenant, LiveRow row, string keyBefore, (object? Value, NpgsqlDbType Type)[] values, bool waits)
    {
        (object?, NpgsqlDbType)[] all = [.. Always(row), (row.NameKey, NpgsqlDbType.Text), .. values, .. Id(tenant, row)];
        return row.NameKey == keyBefore || !waits
            ? new SqlOperation(_update + _attributes + Where, all)
            : new SqlOperation($"{_update}{_attributes}{Where} and {NameTurn.Take}", [.. all, Turn(tenant, row)]);
    }

    /// <summary>The number that is locked by whoever takes a name.</summary>
    public long Turn(string tenant, string key) => NameTurn.Of(table, tenant, key);

    public SqlOperation Remove(string tenant, Guid id) =>
        new($"delete from {table}{Where}", (tenant, NpgsqlDbType.Text), (id, NpgsqlDbType.Uuid));

    private static string ColumnsOf(string nameKey, string[] attributes) => string.Join(", ", [.. Common, nameKey, .. attributes]);

    private static (object?, NpgsqlDbType)[] Always(LiveRow row) =>
    [
        (row.Meta.Version, NpgsqlDbType.Bigint), (row.Meta.StreamVersion, NpgsqlDbType.Bigint),
        (row.Meta.LastModified, NpgsqlDbType.TimestampTz), (row.ManagedBy, NpgsqlDbType.Text), (row.Body, NpgsqlDbType.Text),
    ];

    private static (object?, NpgsqlDbType)[] Id(string tenant, LiveRow row) => [(tenant, NpgsqlDbType.Text), (row.Id, NpgsqlDbType.Uuid)];

    private (object?, NpgsqlDbType) Turn(string tenant, LiveRow row) => (Turn(tenant, row.NameKey), NpgsqlDbType.Bigint);
}
