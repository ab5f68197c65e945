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

        await ImportRecords.Copy(connection, import.Id, records, cancellation);
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
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await ImportRecords.Read(connection, import, cancellation);
    }

    /// <param name="check">The job that made it: what it looked at may be gone, with whoever was erased meanwhile.</param>
    public async Task KeepReport(Guid import, Guid check, JsonObject report, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update import set report = $2 where id = $1 and check_job = $3");
        Add(command, NpgsqlDbType.Uuid, import);
        Add(command, NpgsqlDbType.Jsonb, report.ToJsonString());
        Add(command, NpgsqlDbType.Uuid, check);
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

    private static Import Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5),
        row.GetInt32(6), row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8), row.GetFieldValue<DateTimeOffset>(9), row.GetString(10),
        row.IsDBNull(11) ? null : row.GetGuid(11), row.IsDBNull(12) ? null : row.GetGuid(12),
        row.IsDBNull(13) ? null : (JsonObject)JsonNode.Parse(row.GetString(13))!, row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14));

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
}
