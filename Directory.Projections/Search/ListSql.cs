using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Search;

/// <summary>
/// The SQL of a page: the ids are found first, on indexes, and their rows read after that. In all of it <c>$1</c> is the tenant,
/// <c>$2</c> an offset or the id of a position, and <c>$3</c> the base URL. A page has the columns n, type, key, and those of
/// <see cref="ResourceTable"/>.
/// </summary>
internal sealed class ListSql(ResourceSearch search)
{
    private readonly IReadOnlyList<SortKey>? _keys = search.Keys();

    /// <summary>Whether there are resources without a sort key, which come before or after all others.</summary>
    public bool HasAbsentKeys => _keys?[0].IsNullable ?? false;

    /// <summary>Everything, in the order of creation: what <see cref="ListBlocks"/> counts.</summary>
    public bool IsWhole => search.Sources is [{ Filter: null }] && _keys is null && !search.Descending;

    /// <summary>Leaves out <paramref name="offset"/> resources.</summary>
    public void PageAt(NpgsqlBatchCommand command, long offset, int count)
    {
        Begin(command, offset, NpgsqlDbType.Bigint);
        if (IsWhole)
        {
            var table = search.Sources[0].Table.Name;
            command.CommandText = Rows($"""
                select 0 as t, r.id, null::text as k from {table} r where r.tenant_id = $1 and {ListBlocks.FromStart}
                order by r.id offset {ListBlocks.OffsetFromStart} limit {count}
                """, $"start as ({ListBlocks.Start(table)}), ");
            return;
        }

        if (search.Sources is [var source])
        {
            var order = source.SortBy is null ? "r.id" : SortSql.OrderBy(source.SortBy, search.Descending, source.Table.Type);
            command.CommandText = Rows(
                $"select 0 as t, r.id, null::text as k from {source.Table.Name} r where {Where(command, source)} order by {order} offset $2 limit {count}");
            return;
        }

        var each = search.Sources.Select((s, i) => Select(i, _keys?[i], Where(command, s), Order(_keys?[i], search.Descending), $"$2 + {count}"));
        command.CommandText = Rows($"select u.* from ({string.Join(" union all ", each)}) u order by {OuterOrder(_keys, search.Descending)} offset $2 limit {count}");
    }

    /// <summary>The next resources of a walk, of those that have a sort key or of those that have none.</summary>
    /// <param name="command">Takes the SQL and its parameters.</param>
    /// <param name="from">Null to begin at the end one comes from.</param>
    /// <param name="backward">Against the order of the search.</param>
    /// <param name="absent">Those without a key.</param>
    /// <param name="count">Resources at most.</param>
    public void PageFrom(NpgsqlBatchCommand command, ListPosition? from, bool backward, bool absent, int count)
    {
        Begin(command, from?.Id ?? Guid.Empty, NpgsqlDbType.Uuid);
        var descending = search.Descending ^ backward;
        string? operand = null;
        if (from?.Key is { } key && _keys is not null)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = key, NpgsqlDbType = NpgsqlDbType.Text });
            operand = $"${command.Parameters.Count}::{_keys[0].SqlType}";
        }

        var each = search.Sources.Select((source, i) =>
        {
            var sortKey = absent ? null : _keys?[i].ForCursor;
            string?[] conditions =
            [
                Where(command, source),
                absent ? $"{_keys![i].Sql} is null" : IsPresent(sortKey),
                from is null ? null : After(sortKey, operand, descending),
            ];
            return Select(i, sortKey, string.Join(" and ", conditions.OfType<string>()), Order(sortKey, descending), $"{count}");
        }).ToArray();
        var outer = OuterOrder(absent ? null : _keys, descending);
        command.CommandText = Rows(each is [var single] ? single : $"select u.* from ({string.Join(" union all ", each)}) u order by {outer} limit {count}");
    }

    /// <summary>One number for each source.</summary>
    public void Total(NpgsqlBatchCommand command)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = search.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.CommandText = "select " + string.Join(" + ",
            search.Sources.Select(source => $"(select count(*) from {source.Table.Name} r where {Where(command, source)})"));
    }

    private void Begin(NpgsqlBatchCommand command, object second, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = search.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = second, NpgsqlDbType = type });
        command.Parameters.Add(new NpgsqlParameter { Value = search.BaseUrl, NpgsqlDbType = NpgsqlDbType.Text });
    }

    private string Where(NpgsqlBatchCommand command, SearchSource source)
    {
        if (source.Filter is null) return "r.tenant_id = $1";
        var condition = FilterSql.Compile(source.Filter, search.Scope(source), command.Parameters.Count + 1);
        foreach (var parameter in condition.Parameters) command.Parameters.Add(parameter);
        return $"r.tenant_id = $1 and {condition.Text}";
    }

    private string Select(int source, SortKey? key, string where, string order, string limit) =>
        $"(select {source} as t, r.id, {key?.Sql ?? "null::text"} as k from {search.Sources[source].Table.Name} r where {where} order by {order} limit {limit})";

    private string Rows(string page, string with = "") => $"""
        with {with}page as (select q.t, q.id, q.k, row_number() over () as n from ({page}) q)
        {string.Join(" union all ", search.Sources.Select((source, i) => $"""
            select p.n, p.t, p.k::text, {(source.Linked ? source.Table.ColumnsWithLinked : source.Table.Columns)}
            from page p join {source.Table.Name} r on r.tenant_id = $1 and r.id = p.id{(search.Sources.Count == 1 ? "" : $" where p.t = {i}")}
            """))}
        order by 1
        """;

    private static string Order(SortKey? key, bool descending)
    {
        var direction = descending ? " desc" : "";
        return key is null ? $"r.id{direction}" : $"{key.Sql}{direction}, r.id{direction}";
    }

    private static string OuterOrder(IReadOnlyList<SortKey>? keys, bool descending)
    {
        var direction = descending ? " desc" : "";
        return keys is null ? $"u.id{direction}" : $"u.k{direction}, u.id{direction}";
    }

    // A comparison tells the planner that a partial index serves, as "is not null" does not for a text with a collation.
    private static string? IsPresent(SortKey? key) =>
        key is not { IsNullable: true } ? null : key.SqlType == SortKey.Text ? $"{key.Sql} >= ''" : $"{key.Sql} is not null";

    // The first comparison follows from the second; it is for indexes that hold the key without the id.
    private static string After(SortKey? key, string? operand, bool descending)
    {
        var sign = descending ? "<" : ">";
        return key is null ? $"r.id {sign} $2" : $"{key.Sql} {sign}= {operand} and ({key.Sql}, r.id) {sign} ({operand}, $2)";
    }
}
