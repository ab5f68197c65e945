using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Requests;

/// <summary>
/// Takes a person out of the logs of requests and of accesses: the sentence of a refusal and the filter of a search can name them.
/// The names are those that the audit still knows, so this runs before the audit is masked.
/// </summary>
internal static class RequestErasure
{
    private const string Erased = "erased";

    private const string Names = """
        with change as (
            select c ->> 'path' as path, v.value from audit_entry e, jsonb_array_elements(e.changes) c,
                lateral (values (c -> 'before'), (c -> 'after')) v (value)
            where e.tenant_id = $1 and e.stream_id = $2)
        select distinct name from (
            select target_name from audit_entry where tenant_id = $1 and stream_id = $2
            union all select external_id from audit_entry where tenant_id = $1 and stream_id = $2
            union all select value #>> '{}' from change
                where jsonb_typeof(value) = 'string' and path ~* '^(userName|displayName|nickName|externalId|name[.])'
            union all select value ->> 'value' from change where jsonb_typeof(value) = 'object' and path ~* '^(emails|phoneNumbers|ims)$') n (name)
        where length(name) > 2
        """;

    private const string Requests = $"""
        update request_log set detail = '{Erased}', user_agent = null where tenant_id = $1 and detail is not null and (position($2 in path) > 0
            or exists (select from unnest($3) n (name) where position(lower(n.name) in lower(detail)) > 0))
        """;

    private const string Accesses = $"""
        update access_log set filter = '{Erased}' where tenant_id = $1 and filter is not null
            and exists (select from unnest($2) n (name) where position(lower(n.name) in lower(filter)) > 0)
        """;

    public static async Task Run(NpgsqlConnection connection, string tenant, Guid user, CancellationToken cancellation)
    {
        var names = new List<string>();
        await using (var find = Command(connection, Names, (tenant, NpgsqlDbType.Text), (user, NpgsqlDbType.Uuid)))
        await using (var row = await find.ExecuteReaderAsync(cancellation))
            while (await row.ReadAsync(cancellation)) names.Add(row.GetString(0));

        var list = (names.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        await using var requests = Command(connection, Requests, (tenant, NpgsqlDbType.Text), (user.ToString(), NpgsqlDbType.Text), list);
        await requests.ExecuteNonQueryAsync(cancellation);
        await using var accesses = Command(connection, Accesses, (tenant, NpgsqlDbType.Text), list);
        await accesses.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params (object Value, NpgsqlDbType Type)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (value, type) in values) command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return command;
    }
}
