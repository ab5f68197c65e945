using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>
/// Notes when a token and a connection were used, and counts the requests of each day. A request pays for a note in memory; every few
/// seconds the notes are written, of a token at most once a minute.
/// </summary>
public sealed class ConnectionActivity(NpgsqlDataSource database) : IDisposable
{
    private static readonly TimeSpan TokenEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Dictionary<Guid, DateTimeOffset> _written = [];
    private Dictionary<Guid, (DateTimeOffset At, string? From)> _uses = [];
    private Dictionary<(string Tenant, Guid Connection), Tally> _tallies = [];

    /// <param name="identity">Whose token it was.</param>
    /// <param name="isTaken">Whether the token was taken; one that is refused has not been used.</param>
    /// <param name="at">When it was received (UTC).</param>
    /// <param name="status">What it was answered.</param>
    /// <param name="from">The address it came from.</param>
    /// <param name="test">Whose test of the connection it looks like, null if none.</param>
    public void Note(TokenIdentity identity, bool isTaken, DateTimeOffset at, int status, string? from, string? test)
    {
        lock (_gate)
        {
            if (isTaken) _uses[identity.TokenId] = (at, from);
            if (identity.ConnectionId is not { } connection) return;
            var key = (identity.TenantId, connection);
            if (!_tallies.TryGetValue(key, out var tally)) _tallies[key] = tally = new Tally();
            tally.Add(at, status, from, test);
        }
    }

    /// <summary>Writes what was noted on this node.</summary>
    public async Task Write(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var (uses, tallies) = Take();
            if (uses.Count > 0) await WriteUses(uses, cancellation);
            foreach (var ((tenant, connection), tally) in tallies.OrderBy(t => t.Key.Connection))
                await ActivityRows.Write(database, tenant, connection, tally, cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private (List<(Guid Token, DateTimeOffset At, string? From)> Uses, Dictionary<(string Tenant, Guid Connection), Tally> Tallies) Take()
    {
        lock (_gate)
        {
            var due = _uses.Where(u => !_written.TryGetValue(u.Key, out var last) || u.Value.At - last >= TokenEvery)
                .Select(u => (u.Key, u.Value.At, u.Value.From)).OrderBy(u => u.Key).ToList();
            foreach (var (token, at, _) in due)
            {
                _uses.Remove(token);
                _written[token] = at;
            }

            var tallies = _tallies;
            _tallies = [];
            return (due, tallies);
        }
    }

    private async Task WriteUses(List<(Guid Token, DateTimeOffset At, string? From)> uses, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            insert into credential_use as c (credential_id, at, source) select * from unnest($1, $2, $3)
            on conflict (credential_id) do update set at = excluded.at, source = excluded.source
                where c.at <= excluded.at - interval '1 minute'
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = uses.Select(u => u.Token).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = uses.Select(u => u.At).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter { Value = uses.Select(u => u.From).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What a connection did since it was written last.</summary>
    internal sealed class Tally
    {
        public (DateTimeOffset At, int Status, string? From) Last { get; private set; }

        public (DateTimeOffset At, int Status, string Client)? Test { get; private set; }

        public Dictionary<DateOnly, (long Requests, long Refused)> Days { get; } = [];

        public void Add(DateTimeOffset at, int status, string? from, string? test)
        {
            if (at >= Last.At) Last = (at, status, from);
            if (test is not null) Test = (at, status, test);
            var day = DateOnly.FromDateTime(at.UtcDateTime);
            var (requests, refused) = Days.GetValueOrDefault(day);
            Days[day] = (requests + 1, refused + (status >= 400 ? 1 : 0));
        }
    }
}
