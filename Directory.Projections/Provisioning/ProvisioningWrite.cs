using System.Security.Cryptography;
using System.Text;
using Directory.Domain.Provisioning;
using Directory.Projections.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>
/// One turn at the provisioning of a directory: whoever decides waits for whoever is deciding. Events, rows of credentials and the
/// word to all nodes go into the database together.
/// </summary>
internal sealed class ProvisioningWrite
{
    private readonly WriteTransaction _transaction;
    private readonly List<IProvisioningEvent> _events = [];

    private ProvisioningWrite(WriteTransaction transaction, ProvisioningState state) => (_transaction, State) = (transaction, state);

    public ProvisioningState State { get; private set; }

    public IReadOnlyList<IProvisioningEvent> Events => _events;

    /// <summary>The id of a directory's provisioning stream: derived from its name, so that every node finds the same.</summary>
    public static Guid StreamId(string tenant) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes("provisioning/" + tenant)).AsSpan(0, 16), bigEndian: true);

    public static async Task<ProvisioningWrite> Begin(WriteTransaction transaction, CancellationToken cancellation)
    {
        await using (var turn = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", transaction.Connection))
        {
            turn.Parameters.Add(new NpgsqlParameter { Value = "provisioning/" + transaction.Tenant, NpgsqlDbType = NpgsqlDbType.Text });
            await turn.ExecuteNonQueryAsync(cancellation);
        }

        var stored = await transaction.Session.Events.FetchStreamAsync(StreamId(transaction.Tenant), token: cancellation);
        var state = stored.Aggregate(ProvisioningState.Initial, (state, e) => state.Evolve((IProvisioningEvent)e.Data));
        return new ProvisioningWrite(transaction, state);
    }

    /// <summary>Decides on top of what has been decided in this turn; the events wait for the commit.</summary>
    public IReadOnlyList<IProvisioningEvent> Decide(ProvisioningCommand command)
    {
        var events = ProvisioningDecider.Decide(State, command);
        foreach (var e in events) Add(e);
        return events;
    }

    public void Add(IProvisioningEvent e)
    {
        State = State.Evolve(e);
        _events.Add(e);
        if (Beside(_transaction.Tenant, e) is { } operation) _transaction.Session.QueueOperation(operation);
    }

    /// <summary>What no projection can make from events, because the events do not hold it.</summary>
    private static SqlOperation? Beside(string tenant, IProvisioningEvent e) => e switch
    {
        TokenRevoked revoked => CredentialRows.Revoke(tenant, revoked.TokenId),
        ConnectionResumed resumed => MassChange.Restart(tenant, resumed.ConnectionId),
        BrakeConfigured configured => MassChange.Restart(tenant, configured.ConnectionId),
        _ => null,
    };

    /// <summary>Does nothing if nothing was decided.</summary>
    public async Task Commit(CancellationToken cancellation)
    {
        if (_events.Count == 0) return;
        var stream = StreamId(_transaction.Tenant);
        _transaction.Session.Events.Append(stream, State.Version, _events.Cast<object>());
        // The statement takes no parameters; an id and a number need none.
        _transaction.Session.QueueOperation(new SqlOperation($"notify {ProvisioningChannel.Name}, '{stream}/{State.Version}'"));
        await _transaction.Commit(cancellation);
    }
}
