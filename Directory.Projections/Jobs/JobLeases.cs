using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Jobs;

/// <summary>The job is no longer this node's: it fell silent for too long, or somebody cancelled it.</summary>
public sealed class JobLostException() : Exception("The job was taken from this node or cancelled; nothing of it was kept.");

/// <summary>
/// The table of jobs as the nodes see it that run them. A node holds a job by a lease, which it renews; the end of a job is written only
/// by the holder, so that work whose last step shares the transaction of its end happens once or not at all.
/// </summary>
/// <param name="node">The name of this process, unlike that of any other.</param>
public sealed class JobLeases(NpgsqlDataSource database, TimeProvider clock, string node)
{
    private const string LeaseSeconds = "30";

    /// <summary>Takes the oldest job that waits and whose kind nobody runs.</summary>
    /// <returns>Null when there is none.</returns>
    public async Task<Job?> Claim(IReadOnlyCollection<string> kinds, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            update job set state = 'running', node = $1, started_at = $2, lease_until = clock_timestamp() + interval '{LeaseSeconds} seconds'
            where id = (
                select w.id from job w
                where w.state = 'waiting' and w.kind = any($3) and not exists (select from job r where r.kind = w.kind and r.state = 'running')
                order by w.requested_at, w.id limit 1 for update skip locked)
            returning {JobRows.Columns}
            """)
            .With(NpgsqlDbType.Text, node).With(NpgsqlDbType.TimestampTz, clock.GetUtcNow())
            .With(NpgsqlDbType.Array | NpgsqlDbType.Text, kinds.ToArray());
        try
        {
            return await JobRows.First(command, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null; // another node began one of the same kind at this moment
        }
    }

    /// <summary>Says that the job is still being worked on, and how far it is.</summary>
    /// <returns>Whether it is to be given up: cancelled, or no longer this node's.</returns>
    public async Task<bool> Renew(Guid job, string? phase, long done, long? total, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            update job set phase = $3, done = $4, total = $5, lease_until = clock_timestamp() + interval '{LeaseSeconds} seconds'
            where id = $1 and node = $2 and state = 'running' returning cancel_requested
            """)
            .With(NpgsqlDbType.Uuid, job).With(NpgsqlDbType.Text, node).With(NpgsqlDbType.Text, phase).With(NpgsqlDbType.Bigint, done)
            .With(NpgsqlDbType.Bigint, total);
        return await command.ExecuteScalarAsync(cancellation) as bool? ?? true;
    }

    /// <summary>Writes the result as part of a transaction of the job's own.</summary>
    /// <exception cref="JobLostException">The job is no longer this node's, or cancelled; the transaction must not be committed.</exception>
    public async Task Complete(NpgsqlConnection connection, Guid job, long done, JsonNode? result, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            update job set state = 'done', done = $3, total = $3, result = $4, ended_at = $5, lease_until = null
            where id = $1 and node = $2 and state = 'running' and not cancel_requested
            """, connection)
            .With(NpgsqlDbType.Uuid, job).With(NpgsqlDbType.Text, node).With(NpgsqlDbType.Bigint, done)
            .With(NpgsqlDbType.Jsonb, result?.ToJsonString()).With(NpgsqlDbType.TimestampTz, clock.GetUtcNow());
        if (await command.ExecuteNonQueryAsync(cancellation) == 0) throw new JobLostException();
    }

    /// <summary>Writes how a job of this node ended; one that is over already stays as it is.</summary>
    public async Task End(Guid job, string state, JsonNode? result, string? error, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update job set state = $3, result = $4, error = $5, ended_at = $6, lease_until = null
            where id = $1 and node = $2 and state = 'running'
            """)
            .With(NpgsqlDbType.Uuid, job).With(NpgsqlDbType.Text, node).With(NpgsqlDbType.Text, state)
            .With(NpgsqlDbType.Jsonb, result?.ToJsonString()).With(NpgsqlDbType.Text, error).With(NpgsqlDbType.TimestampTz, clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Marks the jobs of nodes that have fallen silent.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> Sweep(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update job set state = 'interrupted', ended_at = $1, error = 'The node that ran it fell silent. Start it again.', lease_until = null
            where state = 'running' and lease_until < clock_timestamp()
            """).With(NpgsqlDbType.TimestampTz, clock.GetUtcNow());
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
