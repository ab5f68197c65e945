using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Npgsql;

namespace Directory.Projections.Search;

/// <summary>Which users or groups are listed.</summary>
/// <param name="Text">The beginning of a name or, of a user, of an e-mail address; without regard to case.</param>
/// <param name="State">Null: all that are not deleted; else <c>active</c>, <c>inactive</c> or <c>deleted</c>.</param>
public sealed record NameFilter(string? Text, string? State)
{
    public const string Active = "active", Inactive = "inactive", Deleted = "deleted";
}

/// <summary>A user or group in a list for people.</summary>
/// <param name="Name">userName or displayName.</param>
/// <param name="ManagedBy">The id of the connection that manages it; null: it is local.</param>
/// <param name="Manager">What that connection is called.</param>
/// <param name="DeletedAt">Null while it is there.</param>
/// <param name="Key">Its place in the list.</param>
public sealed record NamedResource(
    Guid Id, string Name, string? DisplayName, string? Email, bool Active, string? ManagedBy, string? Manager, DateTimeOffset Created,
    DateTimeOffset LastModified, DateTimeOffset? DeletedAt, [property: System.Text.Json.Serialization.JsonIgnore] string Key);

/// <summary>Lists users and groups by name, deleted ones with the last deleted first.</summary>
public sealed class NameQuery(NpgsqlDataSource database, ResourceType users)
{
    private const string ManagerName =
        "(select e.actor_name from audit_entry e where e.tenant_id = r.tenant_id and e.actor_id = r.managed_by order by e.seq desc limit 1)";

    /// <param name="type">User or Group.</param>
    /// <param name="tenant">The directory.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">The <see cref="NamedResource.Key"/> of the last one before.</param>
    /// <param name="limit">So many at most.</param>
    /// <param name="cancellation">Given up by the client.</param>
    public async Task<IReadOnlyList<NamedResource>> Find(
        ResourceType type, string tenant, NameFilter filter, string? after, int limit, CancellationToken cancellation)
    {
        var values = new SqlParameters(1);
        await using var command = database.CreateCommand(
            filter.State == NameFilter.Deleted ? DeletedSql(type == users ? "deleted_user" : "deleted_group", tenant, filter, after, limit, values)
            : type == users ? UserSql(tenant, filter, after, limit, values)
            : GroupSql(tenant, filter, after, limit, values));
        command.Parameters.AddRange(values.All.ToArray());
        var found = new List<NamedResource>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            found.Add(new NamedResource(
                row.GetGuid(0), row.GetString(1), Text(row, 2), Text(row, 3), row.GetBoolean(4), Text(row, 5), Text(row, 6),
                row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8), row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
                row.GetString(10)));
        return found;
    }

    /// <summary>What a connection is called; its id where it has never done anything.</summary>
    public async Task<string> Manager(string tenant, string connection, CancellationToken cancellation)
    {
        var values = new SqlParameters(1);
        await using var command = database.CreateCommand($"""
            select e.actor_name from audit_entry e where e.tenant_id = {values.Text(tenant)} and e.actor_id = {values.Text(connection)} order by e.seq desc limit 1
            """);
        command.Parameters.AddRange(values.All.ToArray());
        return await command.ExecuteScalarAsync(cancellation) as string ?? connection;
    }

    private static string UserSql(string tenant, NameFilter filter, string? after, int limit, SqlParameters values)
    {
        var (mine, conditions) = ($"r.tenant_id = {values.Text(tenant)}", new List<string>());
        if (filter.State is { } state) conditions.Add($"r.active = {(state == NameFilter.Active ? "true" : "false")}");
        if (after is not null) conditions.Add($"r.user_name_key > {values.Text(after)}");
        if (filter.Text is { } text)
        {
            // Each by its own index; the planner would not combine them under an order.
            var prefix = CaseFolding.Fold(text);
            conditions.Add($"""
                r.id in (
                    select r.id from scim_user r where {mine} and {TextSql.StartsWith("r.user_name_key", prefix, values)}
                    union select r.id from scim_user r where {mine} and {TextSql.StartsWith("left(r.search->>'displayName', 300) collate \"C\"", prefix, values)}
                    union select r.id from scim_user r where {mine} and {TextSql.StartsWith("left(r.search->'name'->>'familyName', 300) collate \"C\"", prefix, values)}
                    union select r.id from scim_user r where {mine} and scim_value_lexemes(r.search->'emails') @@ {values.Text(TextSql.PrefixQuery(prefix))}::tsquery)
                """);
        }

        return $"""
            select r.id, r.user_name, r.display_name, r.body::jsonb #>> '{EmailPath}', r.active, r.managed_by, {ManagerName}, r.created, r.last_modified,
                null::timestamptz, r.user_name_key
            from scim_user r where {string.Join(" and ", conditions.Prepend(mine))} order by r.user_name_key limit {values.Number(limit)}
            """;
    }

    private static string GroupSql(string tenant, NameFilter filter, string? after, int limit, SqlParameters values)
    {
        var conditions = new List<string> { $"r.tenant_id = {values.Text(tenant)}" };
        if (filter.Text is { } text) conditions.Add(TextSql.StartsWith("r.display_name_key", CaseFolding.Fold(text), values));
        if (after is not null) conditions.Add($"r.display_name_key > {values.Text(after)}");
        return $"""
            select r.id, r.display_name, null::text, null::text, true, r.managed_by, {ManagerName}, r.created, r.last_modified, null::timestamptz,
                r.display_name_key
            from scim_group r where {string.Join(" and ", conditions)} order by r.display_name_key limit {values.Number(limit)}
            """;
    }

    private static string DeletedSql(string table, string tenant, NameFilter filter, string? after, int limit, SqlParameters values)
    {
        var conditions = new List<string> { $"r.tenant_id = {values.Text(tenant)}" };
        if (filter.Text is { } text) conditions.Add($"starts_with(lower(r.name), lower({values.Text(text)}))");
        if (after is not null) conditions.Add($"(r.deleted_at, r.id) < (({values.Text(after)}::jsonb ->> 0)::timestamptz, ({values.Text(after)}::jsonb ->> 1)::uuid)");
        return $"""
            select r.id, r.name, r.body::jsonb ->> 'displayName', r.body::jsonb #>> '{EmailPath}', false, r.managed_by, {ManagerName}, r.created, r.deleted_at,
                r.deleted_at, jsonb_build_array(r.deleted_at, r.id)::text
            from {table} r where {string.Join(" and ", conditions)} order by r.deleted_at desc, r.id desc limit {values.Number(limit)}
            """;
    }

    private const string EmailPath = "{emails,0,value}";

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
