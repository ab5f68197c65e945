using Directory.Domain.Users;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>
/// Takes a person out of the request log and the access log, which are no events: what a refusal said about the user, and wherever one of
/// the names it ever had is told.
/// </summary>
internal static class RecordMasking
{
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

    public static async Task Run(NpgsqlConnection connection, string tenant, PersonNames person, CancellationToken cancellation)
    {
        string[] spellings = [.. person.Names.Concat(person.Names.Select(Uri.EscapeDataString)).Distinct(StringComparer.Ordinal)];
        foreach (var sql in (string[])[Requests, Paths, Accesses])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            Add(command, NpgsqlDbType.Text, tenant);
            Add(command, NpgsqlDbType.Text, person.Id.ToString("D"));
            Add(command, NpgsqlDbType.Text, UserErasure.Mask);
            Add(command, NpgsqlDbType.Array | NpgsqlDbType.Text, spellings);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
}
