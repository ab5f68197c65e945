using Directory.Domain.Scim;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>
/// What a user was ever known by, as long as the audit tells it: to be read before it is masked.
/// </summary>
/// <param name="Names">Every userName and externalId it had, of more than two characters.</param>
/// <param name="Addresses">Every e-mail address.</param>
internal sealed record PersonNames(Guid Id, IReadOnlyList<string> Names, IReadOnlyList<string> Addresses)
{
    private const string Known = """
        select distinct n.name, false from audit_entry a, lateral (values (a.target_name), (a.external_id)) n (name)
        where a.tenant_id = $1 and a.stream_id = $2 and length(n.name) > 2
        union
        select user_name, false from scim_user where tenant_id = $1 and id = $2
        union
        select name, false from deleted_user where tenant_id = $1 and id = $2
        union
        select distinct v.value #>> '{}', true
        from audit_entry a, lateral jsonb_path_query(a.changes, '$[*] ? (@.path == "emails").*.value') v (value)
        where a.tenant_id = $1 and a.stream_id = $2 and length(v.value #>> '{}') > 2
        """;

    /// <summary>All of it, as it is compared: without regard to case.</summary>
    public IReadOnlySet<string> Folded { get; } = Names.Concat(Addresses).Select(CaseFolding.Fold).ToHashSet(StringComparer.Ordinal);

    public static async Task<PersonNames> Read(NpgsqlConnection connection, string tenant, Guid user, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Known, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = user, NpgsqlDbType = NpgsqlDbType.Uuid });
        var (names, addresses) = (new List<string>(), new List<string>());
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) (row.GetBoolean(1) ? addresses : names).Add(row.GetString(0));
        return new PersonNames(user, names, addresses);
    }
}
