using Directory.Domain.Users;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>
/// Takes a person out of the request log and the access log, which are no events: what a refusal said about the user, and wherever one of
/// the names it ever had is told. To be run while the audit still knows the names.
/// </summary>
internal static class RecordMasking
{
    private const string Names = """
        select distinct n.name from audit_entry a, lateral (values (a.target_name), (a.external_id)) n (name)
        where a.tenant_id = $1 and a.stream_id = $2 and length(n.name) > 2
        union
        select user_name from scim_user where tenant_id = $1 and id = $2
        union
        select name from deleted_user where tenant_id = $1 and id = $2
        """;

    private const string Requests = """
        update request_log r set detail = $3
        where r.tenant_id = $1 and r.detail is not null and (position($2 in r.path) > 0
            or exists (select from unnest($4) n (name) where position(lower(n.name) in lower(r.detail)) > 0))
        """;

    private const string Paths = """
        update request_log r set path = $3
        where r.tenant_id = $1 and $2 <> '' and exists (select from unnest($4) n (name) where position(lower(n.name) in lower(r.path)) > 0)
        """;

    private const string Accesses = """
        update access_log a set filter = $3
        where a.tenant_id = $1 and $2 <> '' and exists (select from unnest($4) n (name) where position(lower(n.name) in lower(a.filter)) > 0)
        """;

    public static async Task Run(NpgsqlConnection connection, string tenant, Guid user, CancellationToken cancellation)
    {
        var names = await Read(connection, tenant, user, cancellation);
        string[] spellings = [.. names.Concat(names.Select(Uri.EscapeDataString)).Distinct(StringComparer.Ordinal)];
        foreach (var sql in (string[])[Requests, Paths, Accesses])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            Add(command, NpgsqlDbType.Text, tenant);
            Add(command, NpgsqlDbType.Text, user.ToString("D"));
            Add(command, NpgsqlDbType.Text, UserErasure.Mask);
            Add(command, NpgsqlDbType.Array | NpgsqlDbType.Text, spellings);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static async Task<List<string>> Read(NpgsqlConnection connection, string tenant, Guid user, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Names, connection);
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Uuid, user);
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) names.Add(reader.GetString(0));
        return names;
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
}
