using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Imports;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Imports;

/// <summary>The tables of imports: files that were uploaded, and their records until they are imported.</summary>
public sealed class ImportTable(NpgsqlDataSource database)
{
    private const string Columns = """
        id, tenant_id, file_name, format, sha256, bytes, records, ignored, withheld, uploaded_at, uploaded_by, check_job, run_job,
        report::text, completed_at
        """;

    /// <summary>Keeps a file and its records.</summary>
    public async Task Add(Import import, IEnumerable<ImportedRecord> records, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var command = new NpgsqlCommand("""
            insert into import (id, tenant_id, file_name, format, sha256, bytes, records, ignored, withheld, uploaded_at, uploaded_by, check_job)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """, connection))
        {
            Add(command, NpgsqlDbType.Uuid, import.Id);
            Add(command, NpgsqlDbType.Text, import.Tenant);
            Add(command, NpgsqlDbType.Text, import.FileName);
            Add(command, NpgsqlDbType.Text, import.Format);
            Add(command, NpgsqlDbType.Text, import.Sha256);
            Add(command, NpgsqlDbType.Bigint, import.Bytes);
            Add(command, NpgsqlDbType.Integer, import.Records);
            Add(command, NpgsqlDbType.Array | NpgsqlDbType.Text, import.Ignored.ToArray());
            Add(command, NpgsqlDbType.Array | NpgsqlDbType.Text, import.Withheld.ToArray());
            Add(command, NpgsqlDbType.TimestampTz, import.UploadedAt);
            Add(command, NpgsqlDbType.Text, import.UploadedBy);
            Add(command, NpgsqlDbType.Uuid, import.CheckJob);
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await Copy(connection, import.Id, records, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <returns>Null when the directory has no such import.</returns>
    public async Task<Import?> Find(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {Columns} from import where tenant_id = $1 and id = $2");
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Uuid, id);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    public async Task<IReadOnlyList<Import>> Newest(string tenant, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select {Columns} from import where tenant_id = $1 order by uploaded_at desc, id desc limit $2");
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Integer, count);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var imports = new List<Import>();
        while (await row.ReadAsync(cancellation)) imports.Add(Read(row));
        return imports;
    }

    /// <summary>The records in the order of the file; none once it was imported.</summary>
    public async Task<IReadOnlyList<ImportedRecord>> Records(Guid import, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select line, type, name, attributes, source_id, links, withheld, errors from import_record where import_id = $1 order by number
            """);
        Add(command, NpgsqlDbType.Uuid, import);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var records = new List<ImportedRecord>();
        while (await row.ReadAsync(cancellation))
            records.Add(new ImportedRecord(
                row.GetInt32(0), row.GetString(1), row.GetString(2), (JsonObject)JsonNode.Parse(row.GetString(3))!,
                row.IsDBNull(4) ? null : row.GetString(4), JsonSerializer.Deserialize<ImportLink[]>(row.GetString(5))!,
                row.GetFieldValue<string[]>(6), JsonSerializer.Deserialize<ImportError[]>(row.GetString(7))!));
        return records;
    }

    public async Task KeepReport(Guid import, JsonObject report, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update import set report = $2 where id = $1");
        Add(command, NpgsqlDbType.Uuid, import);
        Add(command, NpgsqlDbType.Jsonb, report.ToJsonString());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task KeepRunJob(Guid import, Guid job, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update import set run_job = $2 where id = $1");
        Add(command, NpgsqlDbType.Uuid, import);
        Add(command, NpgsqlDbType.Uuid, job);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task KeepCheckJob(Guid import, Guid job, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update import set check_job = $2, report = null where id = $1");
        Add(command, NpgsqlDbType.Uuid, import);
        Add(command, NpgsqlDbType.Uuid, job);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Marks the import as done and forgets its records, as part of the transaction that does it.</summary>
    internal static async Task Complete(NpgsqlConnection connection, Guid import, DateTimeOffset time, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            with forgotten as (delete from import_record where import_id = $1) update import set completed_at = $2 where id = $1
            """, connection);
        Add(command, NpgsqlDbType.Uuid, import);
        Add(command, NpgsqlDbType.TimestampTz, time);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgets a file that was not imported; of one that was, the line that says so stays.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> Discard(string tenant, Guid import, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from import where tenant_id = $1 and id = $2 and completed_at is null");
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Uuid, import);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>Forgets files that were uploaded before a moment and not imported.</summary>
    public async Task Purge(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from import where uploaded_at < $1 and completed_at is null");
        Add(command, NpgsqlDbType.TimestampTz, before);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task Copy(NpgsqlConnection connection, Guid import, IEnumerable<ImportedRecord> records, CancellationToken cancellation)
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

    private static Import Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5),
        row.GetInt32(6), row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8), row.GetFieldValue<DateTimeOffset>(9), row.GetString(10),
        row.IsDBNull(11) ? null : row.GetGuid(11), row.IsDBNull(12) ? null : row.GetGuid(12),
        row.IsDBNull(13) ? null : (JsonObject)JsonNode.Parse(row.GetString(13))!, row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14));

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
}
