using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Jobs;

/// <summary>The table of jobs as those see it who ask for work and look how it goes.</summary>
public sealed class JobTable(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Leaves work to be done by whichever node is free.</summary>
    /// <param name="input">What the kind needs; no secret, since it is kept.</param>
    public async Task<Job> Add(Guid id, string kind, JsonObject input, Origin origin, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            insert into job (id, tenant_id, kind, state, input, origin, requested_at) values ($1, $2, $3, 'waiting', $4, $5, $6)
            returning {JobRows.Columns}
            """)
            .With(NpgsqlDbType.Uuid, id).With(NpgsqlDbType.Text, origin.TenantId).With(NpgsqlDbType.Text, kind)
            .With(NpgsqlDbType.Jsonb, input.ToJsonString()).With(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(origin))
            .With(NpgsqlDbType.TimestampTz, clock.GetUtcNow());
        return (await JobRows.First(command, cancellation))!;
    }

    /// <returns>Null when the directory has no such job.</returns>
    public async Task<Job?> Find(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {JobRows.Columns} from job where tenant_id = $1 and id = $2")
            .With(NpgsqlDbType.Text, tenant).With(NpgsqlDbType.Uuid, id);
        return await JobRows.First(command, cancellation);
    }

    /// <summary>The newest jobs of a directory, newest first.</summary>
    /// <param name="kind">Only this kind, null for all.</param>
    /// <param name="state">Only in this state, null for all.</param>
    public async Task<IReadOnlyList<Job>> Newest(string tenant, string? kind, string? state, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select {JobRows.Columns} from job
            where tenant_id = $1 and ($2::text is null or kind = $2) and ($3::text is null or state = $3)
            order by requested_at desc, id desc limit $4
            """)
            .With(NpgsqlDbType.Text, tenant).With(NpgsqlDbType.Text, kind).With(NpgsqlDbType.Text, state).With(NpgsqlDbType.Integer, count);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var jobs = new List<Job>();
        while (await row.ReadAsync(cancellation)) jobs.Add(JobRows.Read(row));
        return jobs;
    }

    /// <summary>Ends what nobody has begun at once, and asks whoever runs it to end it; a job that is over stays as it is.</summary>
    /// <returns>The job as it is now, null when the directory has no such job.</returns>
    public async Task<Job?> Cancel(string tenant, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update job set cancel_requested = true, ended_at = case when state = 'waiting' then $3 else ended_at end,
                state = case when state = 'waiting' then 'cancelled' else state end
            where tenant_id = $1 and id = $2 and state in ('waiting', 'running')
            """)
            .With(NpgsqlDbType.Text, tenant).With(NpgsqlDbType.Uuid, id).With(NpgsqlDbType.TimestampTz, clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellation);
        return await Find(tenant, id, cancellation);
    }

    /// <summary>Forgets jobs that ended before a moment.</summary>
    public async Task Purge(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from job where ended_at < $1").With(NpgsqlDbType.TimestampTz, before);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
