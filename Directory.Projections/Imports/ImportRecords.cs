using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Imports;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Imports;

/// <summary>The rows of <c>import_record</c>: what a file says, until it is imported.</summary>
internal static class ImportRecords
{
    private const string Select = """
        select number, line, type, name, attributes, source_id, links, withheld, errors from import_record where import_id = $1 order by number
        """;

    /// <summary>Keeps an erasure out until the transaction ends, so that it cannot take out a record that has been read.</summary>
    public static async Task Hold(NpgsqlConnection connection, Guid import, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select 1 from import where id = $1 for key share", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = import });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>In the order of the file.</summary>
    public static async Task<IReadOnlyList<ImportedRecord>> Read(NpgsqlConnection connection, Guid import, CancellationToken cancellation) =>
        [.. (await ReadNumbered(connection, import, cancellation)).Select(r => r.Record)];

    public static async Task<IReadOnlyList<(int Number, ImportedRecord Record)>> ReadNumbered(
        NpgsqlConnection connection, Guid import, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Select, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = import });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var records = new List<(int, ImportedRecord)>();
        while (await row.ReadAsync(cancellation))
            records.Add((row.GetInt32(0), new ImportedRecord(
                row.GetInt32(1), row.GetString(2), row.GetString(3), (JsonObject)JsonNode.Parse(row.GetString(4))!,
                row.IsDBNull(5) ? null : row.GetString(5), JsonSerializer.Deserialize<ImportLink[]>(row.GetString(6))!,
                row.GetFieldValue<string[]>(7), JsonSerializer.Deserialize<ImportError[]>(row.GetString(8))!)));
        return records;
    }

    public static async Task Remove(NpgsqlConnection connection, Guid import, int[] numbers, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from import_record where import_id = $1 and number = any($2)", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = import });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = numbers });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task KeepLinks(
        NpgsqlConnection connection, Guid import, int number, IEnumerable<ImportLink> links, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update import_record set links = $3 where import_id = $1 and number = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = import });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = JsonSerializer.Serialize(links) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Adds the records of a file.</summary>
    public static async Task Copy(NpgsqlConnection connection, Guid import, IEnumerable<ImportedRecord> records, CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy import_record (import_id, number, line, type, name, attributes, source_id, links, withheld, errors) from stdin (format binary)", cancellation);
        var number = 0;
        foreach (var record in records)
        {
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(import, NpgsqlDbType.Uuid, cancellation);
            await writer.WriteAsync(++number, NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(record.Line, NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(record.Type, NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(Storable(record.Name), NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(record.Attributes.ToJsonString(), NpgsqlDbType.Text, cancellation);
            if (record.SourceId is { } source) await writer.WriteAsync(Storable(source), NpgsqlDbType.Text, cancellation);
            else await writer.WriteNullAsync(cancellation);
            await writer.WriteAsync(JsonSerializer.Serialize(record.Links), NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(record.Withheld.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(JsonSerializer.Serialize(record.Errors), NpgsqlDbType.Text, cancellation);
        }

        await writer.CompleteAsync(cancellation);
    }

    /// <summary>A text that the database cannot hold has an error with it, and is kept only to be told apart.</summary>
    private static string Storable(string text) => text.Replace('\0', '\uFFFD');
}
