using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Directory.Projections;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace AuditBenchmark;

/// <summary>Copies events and streams into the tables of the event store, as it would have written them.</summary>
public sealed class EventWriter(NpgsqlDataSource database)
{
    private const int Batch = 5_000;

    // As DirectoryStore sets up the event store's serializer.
    private static readonly JsonSerializerOptions Serializer = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Json(object data) => JsonSerializer.Serialize(data, data.GetType(), Serializer);

    public async Task<double> Fill(Company company, long entries)
    {
        var watch = Stopwatch.StartNew();
        await using var connection = await database.OpenConnectionAsync();
        await Execute(connection, "set session_replication_role to replica"); // the streams, which events refer to, follow at the end
        var next = await Scalar(connection, "select coalesce(max(seq_id), 0) + 1 from mt_events");
        var (written, writing) = (0L, Task.CompletedTask);
        foreach (var batch in company.Events().Chunk(Batch))
        {
            await writing;
            var first = next;
            writing = Task.Run(() => Copy(connection, first, batch));
            next += batch.Length;
            if ((written += batch.Length) % 500_000 < Batch)
                Console.WriteLine($"  {written:N0} of {entries:N0} events, {written / watch.Elapsed.TotalSeconds:N0} a second, {company.Compared:N0} compared with the decider's");
        }

        await writing;
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Makes the streams that the events are in, and what the event store goes on from.</summary>
    public async Task Finish()
    {
        await using var connection = await database.OpenConnectionAsync();
        await Execute(connection, """
            create temporary table streams as
                select stream_id as id, max(version) as version, min(timestamp) as created, max(timestamp) as last from mt_events group by stream_id;
            update mt_streams m set version = s.version, timestamp = s.last from streams s where m.id = s.id and m.tenant_id = 'default';
            insert into mt_streams (id, version, timestamp, created, tenant_id, is_archived)
            select s.id, s.version, s.last, s.created, 'default', false from streams s where s.id not in (select id from mt_streams);
            drop table streams;
            select setval('mt_events_sequence', (select max(seq_id) from mt_events))
            """);
        await Execute(connection, "vacuum (freeze, analyze) mt_events");
        await Execute(connection, "analyze mt_streams");
    }

    private static async Task Copy(NpgsqlConnection connection, long first, HistoryEvent[] batch)
    {
        await using var copy = await connection.BeginBinaryImportAsync("""
            copy mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers,
                user_name, is_archived) from stdin (format binary)
            """);
        for (var i = 0; i < batch.Length; i++)
        {
            var (e, type) = (batch[i], batch[i].Data.GetType());
            await copy.StartRowAsync();
            await copy.WriteAsync(first + i, NpgsqlDbType.Bigint);
            await copy.WriteAsync(Guid.CreateVersion7(e.Time), NpgsqlDbType.Uuid);
            await copy.WriteAsync(e.Stream, NpgsqlDbType.Uuid);
            await copy.WriteAsync(e.Version, NpgsqlDbType.Bigint);
            await copy.WriteAsync(Json(e.Data), NpgsqlDbType.Jsonb);
            await copy.WriteAsync(DirectoryStore.EventNames[type], NpgsqlDbType.Varchar);
            await copy.WriteAsync(e.Time, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(e.Origin.TenantId, NpgsqlDbType.Varchar);
            await copy.WriteAsync($"{type.FullName}, {type.Assembly.GetName().Name}", NpgsqlDbType.Varchar);
            await copy.WriteAsync(e.Origin.TraceId ?? "", NpgsqlDbType.Varchar);
            await copy.WriteAsync(e.Origin.RequestId, NpgsqlDbType.Varchar);
            await copy.WriteAsync(Headers(e.Origin), NpgsqlDbType.Jsonb);
            await copy.WriteAsync(e.Origin.Actor.Name, NpgsqlDbType.Varchar);
            await copy.WriteAsync(false, NpgsqlDbType.Boolean);
        }

        await copy.CompleteAsync();
    }

    /// <summary>The names that <see cref="Origin.Stamp"/> gives; the checks of the searches read them back.</summary>
    private static string Headers(Origin origin)
    {
        var headers = new Dictionary<string, string?>
        {
            ["actor_kind"] = origin.Actor.Kind,
            ["actor_id"] = origin.Actor.Id,
            ["token_id"] = origin.Actor.TokenId,
            ["token_prefix"] = origin.Actor.TokenPrefix,
            ["method"] = origin.Method,
            ["path"] = origin.Path,
            ["body_sha256"] = origin.BodyHash,
            ["source"] = origin.SourceAddress,
            ["user_agent"] = origin.UserAgent,
        };
        return JsonSerializer.Serialize(headers.Where(h => h.Value is not null).ToDictionary());
    }

    private static async Task<long> Scalar(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
