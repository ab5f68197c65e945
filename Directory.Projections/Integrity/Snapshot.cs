using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>Transactions on connections of their own that all see the database as it was at one moment.</summary>
internal sealed class Snapshot : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly List<NpgsqlTransaction> _transactions = [];
    private string _id = "";

    private Snapshot(NpgsqlDataSource database) => _database = database;

    /// <summary>The first, whose moment is that of all.</summary>
    public NpgsqlTransaction First => _transactions[0];

    public static async Task<Snapshot> Take(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var snapshot = new Snapshot(database);
        try
        {
            var first = await snapshot.Begin(cancellation);
            await using var command = new NpgsqlCommand("select pg_export_snapshot()", first.Connection, first);
            snapshot._id = (string)(await command.ExecuteScalarAsync(cancellation))!;
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    public async Task<NpgsqlTransaction> Join(CancellationToken cancellation)
    {
        var transaction = await Begin(cancellation);
        await using var command = new NpgsqlCommand($"set transaction snapshot '{_id}'", transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
        return transaction;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var transaction in _transactions.AsEnumerable().Reverse())
        {
            var connection = transaction.Connection;
            await transaction.DisposeAsync();
            if (connection is not null) await connection.DisposeAsync();
        }
    }

    private async Task<NpgsqlTransaction> Begin(CancellationToken cancellation)
    {
        // No statement is prepared: a table of the same name is to hide another, which a prepared plan would not notice.
        var options = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false, MaxAutoPrepare = 0, CommandTimeout = 0 };
        await using var likeOthers = _database.CreateConnection(); // it has the password, which no connection string shows
        var connection = likeOthers.CloneWith(options.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
            _transactions.Add(transaction);
            return transaction;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
