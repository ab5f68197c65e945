using Npgsql;

namespace AuditBenchmark;

/// <summary>Values to search for, taken from the database.</summary>
public sealed class Samples(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<T>> Column<T>(string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await row.ReadAsync()) values.Add(row.GetFieldValue<T>(0));
        return values;
    }

    public async Task<T> Value<T>(string sql) => (await Column<T>(sql)).Single();

    /// <summary>A column of entries spread over the whole history.</summary>
    public async Task<IReadOnlyList<T>> Spread<T>(string column, string where, long entries, int count = 40)
    {
        var values = new List<T>();
        for (var i = 1; i <= count; i++)
            values.AddRange(await Column<T>($"select {column} from audit_entry where tenant_id = 'default' and seq > {entries * i / (count + 1)} and {where} order by seq limit 1"));
        return values.Distinct().ToList();
    }
}
