using Directory.Domain.Scim;
using Directory.Projections.Provisioning;
using JasperFx;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Directory.Projections.Streams;

/// <summary>
/// Runs a write in a transaction. The row of the resource is locked while it is decided upon, so that writers of one resource queue up
/// and lose nothing; what can still fail through no fault of the client (a deadlock between several resources, a lost race for a
/// stream) is tried again a few times.
/// </summary>
public sealed partial class DirectoryWriter(
    IDocumentStore store, NpgsqlDataSource database, TokenStore tokens, ILogger<DirectoryWriter> logger)
{
    private const int Attempts = 5;

    /// <param name="origin">Who writes, for which directory, under which request.</param>
    /// <param name="work">Loads, decides and appends; may run several times and must have no effect outside the transaction.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <exception cref="ScimException">409 when the race was lost every time; 503 when the brake of the connection has paused it.</exception>
    public Task<T> Write<T>(Origin origin, Func<WriteTransaction, Task<T>> work, CancellationToken cancellation) =>
        Write(origin, isShared: false, work, cancellation);

    /// <summary>For several requests in one transaction: the work stamps the events of each with their own origin.</summary>
    /// <param name="first">The origin of one of them.</param>
    /// <param name="work">As above.</param>
    internal Task<T> WriteTogether<T>(Origin first, Func<WriteTransaction, Task<T>> work) =>
        Write(first, isShared: true, work, CancellationToken.None);

    private async Task<T> Write<T>(Origin origin, bool isShared, Func<WriteTransaction, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await WriteTransaction.Begin(store, database, origin, cancellation, isShared: isShared);
                return await work(transaction);
            }
            catch (Exception e) when (MassChange.IsTooMuch(e))
            {
                var (error, paused) = await MassChange.Stop(this, origin);
                tokens.Forget();
                if (paused is not null) LogBrake(logger, origin.Actor.Name, paused, origin.RequestId);
                throw new ScimException(error);
            }
            catch (Exception e) when (IsLostRace(e))
            {
                if (attempt == Attempts)
                    throw new ScimException(ScimError.Conflict("The resource was changed by others at the same moment; send the request again."));
            }
        }
    }

    private static bool IsLostRace(Exception? e) => e switch
    {
        null => false,
        ConcurrencyException => true,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => true,
        _ => IsLostRace(e.InnerException),
    };

    [LoggerMessage(45, LogLevel.Warning, "The connection {Connection} is paused until an administrator resumes it: {Reason} (request {RequestId})")]
    private static partial void LogBrake(ILogger logger, string connection, string reason, string requestId);
}
