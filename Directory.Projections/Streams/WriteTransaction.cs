using Directory.Projections.Provisioning;
using Marten;
using Marten.Services;
using Npgsql;

namespace Directory.Projections.Streams;

/// <summary>
/// One database transaction in which state is loaded under a lock, decided upon, and the events appended with all that the inline
/// projections make of them. Nothing is visible or acknowledged before <see cref="Commit"/> returns.
/// </summary>
public sealed class WriteTransaction : IAsyncDisposable
{
    private readonly IDocumentStore _store;
    private readonly NpgsqlTransaction _transaction;
    private readonly bool _inParts, _isShared;

    private WriteTransaction(IDocumentStore store, NpgsqlTransaction transaction, Origin origin, bool inParts, bool isShared)
    {
        (_store, _transaction, Origin, _inParts, _isShared) = (store, transaction, origin, inParts, isShared);
        Session = Open();
    }

    internal IDocumentSession Session { get; private set; }

    internal Folded Folded => Folded.Of(Session);

    internal Origin Origin { get; }

    internal string Tenant => Origin.TenantId;

    internal NpgsqlConnection Connection => _transaction.Connection!;

    internal NpgsqlTransaction Transaction => _transaction;

    /// <param name="inParts">Whether it is written in parts, since it is too long for one batch.</param>
    /// <param name="isShared">Whether several requests share it, whose events are stamped one by one.</param>
    internal static async Task<WriteTransaction> Begin(
        IDocumentStore store, NpgsqlDataSource database, Origin origin, CancellationToken cancellation, bool inParts = false,
        bool isShared = false)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            return new WriteTransaction(store, await connection.BeginTransactionAsync(cancellation), origin, inParts, isShared);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Writes the events and what is projected from them, and commits, in one round trip. A deferred constraint is checked here.
    /// </summary>
    internal async Task Commit(CancellationToken cancellation)
    {
        await Session.SaveChangesAsync(cancellation);
        if (_inParts) await _transaction.CommitAsync(cancellation);
    }

    /// <summary>Writes a part of what belongs to the transaction; what comes later sees it, and nobody else before the commit.</summary>
    internal async Task Write(CancellationToken cancellation)
    {
        await Session.SaveChangesAsync(cancellation);
        await Session.DisposeAsync();
        Session = Open(); // the states of the streams written so far are not kept: there may be very many
    }

    private IDocumentSession Open()
    {
        var options = SessionOptions.ForTransaction(_transaction);
        options.TenantId = Origin.TenantId;
        if (MassChange.Of(Origin) is { } brake) options.Listeners.Add(brake);
        if (!_inParts) options.Listeners.Add(CommitInBatch.Instance);
        var session = _store.LightweightSession(options);
        if (!_isShared) Origin.Stamp(session);
        Folded.Of(session).WaitsForNames = !_inParts;
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        var connection = _transaction.Connection;
        await Session.DisposeAsync();
        await _transaction.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
    }

    /// <summary>
    /// Makes the commit the last statement of the batch, behind all that the projections have queued. Every statement of ours that can
    /// fail does so in the database, and what fails there keeps the commit from being run; nothing is left to check afterwards.
    /// </summary>
    private sealed class CommitInBatch : DocumentSessionListenerBase
    {
        public static readonly CommitInBatch Instance = new();

        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            session.QueueOperation(new SqlOperation("commit"));
            return Task.CompletedTask;
        }
    }
}
