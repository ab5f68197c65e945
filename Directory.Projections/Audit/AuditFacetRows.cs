using Directory.Projections.Search;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Audit;

/// <summary>The rows of <c>audit_facet</c>: in which runs of the sequence a facet occurs. One may be there whose last entry has lost it.</summary>
internal static class AuditFacetRows
{
    private const string Insert =
        "insert into audit_facet (tenant_id, facet, run) select * from unnest($1, $2, $3) on conflict do nothing";

    public static async Task Store(NpgsqlConnection connection, IEnumerable<TermRow> rows, CancellationToken cancellation)
    {
        var facets = rows
            .SelectMany(r => r.Each.Where(AuditTerms.IsOfFewValues), (r, facet) => (r.Tenant, Facet: facet, Run: AuditTerms.Run(r.Sequence)))
            .ToHashSet();
        await using var command = new NpgsqlCommand(Insert, connection);
        AuditTermRows.Add(command, facets.Select(f => f.Tenant).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        AuditTermRows.Add(command, facets.Select(f => f.Facet).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        AuditTermRows.Add(command, facets.Select(f => f.Run).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The runs in which all facets occur that are asked for, in the order of the selection; all runs if none are.</summary>
    public static async Task<long[]> Runs(NpgsqlConnection connection, AuditSelection selection, CancellationToken cancellation)
    {
        var (first, last) = (AuditTerms.Run(selection.Range.First), AuditTerms.Run(selection.Range.Last));
        var values = new SqlParameters(1);
        var order = selection.Descending ? " desc" : "";
        var (from, to) = (values.Number(first), values.Number(last));
        var tenant = values.Text(selection.Tenant);
        var facets = AuditTerms.Facets(selection.Filter).Select(names => $"""
            exists (select from audit_facet f where f.tenant_id = {tenant} and f.facet in ({string.Join(", ", names.Select(values.Text))}) and f.run = r.run)
            """);
        await using var command = new NpgsqlCommand(
            $"select r.run from generate_series({from}, {to}) as r (run) where {string.Join(" and ", facets.Prepend("true"))} order by r.run{order}", connection);
        command.Parameters.AddRange(values.All.ToArray());
        var runs = new List<long>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) runs.Add(row.GetInt64(0));
        return [.. runs];
    }
}
