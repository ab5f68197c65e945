using Npgsql;

namespace Directory.Projections.Provisioning;

/// <summary>Keeps the rows of the brakes few.</summary>
public sealed class BrakeHistory(NpgsqlDataSource database)
{
    /// <summary>Removes the changes that no brake can ask about any more.</summary>
    public async Task Tidy(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            delete from brake_change b
            where not exists (
                select from connection n join brake_count k on k.tenant_id = n.tenant_id and k.connection_id = n.id
                where n.tenant_id = b.tenant_id and n.id = b.connection_id and n.removed_at is null and b.number > k.counted_from
                    and b.time > now() - make_interval(mins => n.brake_minutes))
            """);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
