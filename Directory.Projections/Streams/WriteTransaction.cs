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
    private readonly NpgsqlTransaction _transaction;

    private WriteTransaction(NpgsqlTransaction transaction, IDocumentSession session, Origin origin)
    {
        (_transaction, Session, Origin) = (transaction, session, origin);
        Folded = Folded.Of(session);
    }

    internal IDocumentSession Session { get; }

    internal Folded Folded { get; }

    internal Origin Origin { get; }

    internal string Tenant => Origin.TenantId;

    internal NpgsqlConnection Connection => _transaction.Connection!;

    internal NpgsqlTransaction Transaction => _transaction;

    internal static async Task<WriteTransaction> Begin(
        IDocumentStore store, NpgsqlDataSource database, Origin origin, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            var options = SessionOptions.ForTransaction(transaction);
            options.TenantId = origin.TenantId;
            if (MassChange.Of(origin) is { } brake) options.Listeners.Add(brake);
            options.Listeners.Add(CommitInBatch.Instance);
            var session = store.LightweightSession(options);
            origin.Stamp(session);
            return new WriteTransaction(transaction, session, origin);
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
    internal Task Commit(CancellationToken cancellation) => Session.SaveChangesAsync(cancellation);

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
