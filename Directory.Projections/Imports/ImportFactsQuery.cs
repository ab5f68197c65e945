using Directory.Domain.Groups;
using Directory.Domain.Imports;
using Directory.Domain.Scim;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Imports;

/// <summary>Asks the directory for what a file names.</summary>
internal static class ImportFactsQuery
{
    public static async Task<ImportFacts> Ask(
        NpgsqlConnection connection, string tenant, IReadOnlyList<ImportedRecord> records, CancellationToken cancellation)
    {
        var links = records.SelectMany(r => r.Links.Select(l => l.Reference)).Distinct(StringComparer.Ordinal).ToList();
        var names = records.Select(r => r.Name).Concat(links).Where(n => n.Length > 0).Select(CaseFolding.Fold).Distinct(StringComparer.Ordinal).ToArray();
        var ids = links.Select(l => Guid.TryParseExact(l, "D", out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).ToArray();

        var users = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var groups = new Dictionary<string, KnownGroup>(StringComparer.Ordinal);
        var (userIds, groupIds, nested) = (new HashSet<Guid>(), new Dictionary<Guid, KnownGroup>(), new List<(Guid, Guid)>());
        await Each(connection, "select user_name_key, id from scim_user where tenant_id = $1 and user_name_key = any($2)",
            tenant, names, NpgsqlDbType.Text, row => users[row.GetString(0)] = row.GetGuid(1), cancellation);
        await Each(connection, "select display_name_key, id, managed_by is not null from scim_group where tenant_id = $1 and display_name_key = any($2)",
            tenant, names, NpgsqlDbType.Text, row => groups[row.GetString(0)] = new KnownGroup(row.GetGuid(1), row.GetBoolean(2)), cancellation);
        await Each(connection, "select id from scim_user where tenant_id = $1 and id = any($2)",
            tenant, ids, NpgsqlDbType.Uuid, row => userIds.Add(row.GetGuid(0)), cancellation);
        await Each(connection, "select id, managed_by is not null from scim_group where tenant_id = $1 and id = any($2)",
            tenant, ids, NpgsqlDbType.Uuid, row => groupIds[row.GetGuid(0)] = new KnownGroup(row.GetGuid(0), row.GetBoolean(1)), cancellation);
        if (records.Any(r => r.Type == Member.Group && r.Links.Count > 0))
            await Each(connection, """
                select group_id, member_id from group_member
                where tenant_id = $1 and member_type = 'Group' and removed_at is null and $2::uuid[] is not null
                """, tenant, ids, NpgsqlDbType.Uuid, row => nested.Add((row.GetGuid(0), row.GetGuid(1))), cancellation);
        return new ImportFacts(users, groups, userIds, groupIds, nested);
    }

    private static async Task Each<T>(
        NpgsqlConnection connection, string sql, string tenant, T[] values, NpgsqlDbType type, Action<NpgsqlDataReader> take,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) take(row);
    }
}
