using Directory.Domain.Groups;
using JasperFx.Events;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Rebuilding;

/// <summary>A row of <c>group_member</c> while it is made.</summary>
/// <param name="Place">Where it is stored already, null if it is not.</param>
internal sealed record MembershipRow(
    string Tenant, Guid Group, Guid Member, string Type, DateTimeOffset AddedAt, Guid AddedBy, long AddedVersion, string? Place)
{
    /// <summary>In the order of <see cref="Values"/>.</summary>
    public const string Columns = """
        tenant_id, group_id, member_id, member_type, member_name, display, added_at, added_by, added_version, removed_at, removed_by, removed_version
        """;

    /// <summary>Of <c>group_member m</c>, for <see cref="Read"/>.</summary>
    public const string Selected = """
        m.tenant_id, m.group_id, m.member_id, m.member_type, m.member_name, m.display, m.added_at, m.added_by, m.added_version, m.removed_at, m.removed_by,
        m.removed_version, m.ctid::text
        """;

    public required string Name { get; set; }

    public required string? Display { get; set; }

    public (DateTimeOffset At, Guid By, long? Version)? Removed { get; set; }

    /// <summary>Whether what is stored is not what it is now.</summary>
    public bool IsChanged { get; set; }

    public static MembershipRow Opened(IEvent e, Member member) =>
        new(e.TenantId, e.StreamId, member.Id, member.Type, e.Timestamp.ToUniversalTime(), e.Id, e.Version, null)
        {
            Name = member.Name,
            Display = member.Display,
            IsChanged = true,
        };

    public static MembershipRow Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(6), row.GetGuid(7), row.GetInt64(8),
            row.GetString(12))
        {
            Name = row.GetString(4),
            Display = row.IsDBNull(5) ? null : row.GetString(5),
            Removed = row.IsDBNull(9) ? null
                : (row.GetFieldValue<DateTimeOffset>(9), row.GetGuid(10), row.IsDBNull(11) ? null : row.GetInt64(11)),
        };

    public (object? Value, NpgsqlDbType Type)[] Values() =>
    [
        (Tenant, NpgsqlDbType.Text), (Group, NpgsqlDbType.Uuid), (Member, NpgsqlDbType.Uuid), (Type, NpgsqlDbType.Text), (Name, NpgsqlDbType.Text),
        (Display, NpgsqlDbType.Text), (AddedAt, NpgsqlDbType.TimestampTz), (AddedBy, NpgsqlDbType.Uuid), (AddedVersion, NpgsqlDbType.Bigint),
        (Removed?.At, NpgsqlDbType.TimestampTz), (Removed?.By, NpgsqlDbType.Uuid), (Removed?.Version, NpgsqlDbType.Bigint),
    ];
}
