using System.Security.Cryptography;
using Directory.Projections.Audit;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;
using Npgsql;

namespace Directory.Api.Integrity;

/// <summary>
/// Seals in the background, and carries checkpoints out of the database. Every node runs it and they take turns; each node keeps
/// its own file of checkpoints.
/// </summary>
public sealed partial class SealingService(
    NpgsqlDataSource database, StableSequence sequence, TimeProvider clock, IntegritySettings settings, InstallationSecret installation, IntegrityQuery query,
    SealState state, ILogger<SealingService> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), LastPublication = TimeSpan.FromSeconds(5);

    private readonly CheckpointPublisher _publisher = new(database, new CheckpointFile(settings.CheckpointPath(installation.InstallationId)));
    private long? _sealed, _published;
    private string? _toldConflict;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SigningKey? key = null;
        Sealer? sealer = null;
        using var timer = new PeriodicTimer(Poll);
        try
        {
            do
                try
                {
                    key ??= SigningKey.LoadOrCreate(settings.KeyPath(installation.InstallationId));
                    sealer ??= new Sealer(database, sequence, clock, key);
                    await Seal(sealer, stoppingToken);
                    await Publish(force: false, stoppingToken);
                    state.Saw(await query.Status(stoppingToken), _publisher.Conflict);
                }
                catch (Exception e) when (e is NpgsqlException or IOException or UnauthorizedAccessException or CryptographicException or TimeoutException)
                {
                    LogFailure(logger, e);
                }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await PublishLast();
        }
        finally
        {
            key?.Dispose();
        }
    }

    private async Task Seal(Sealer sealer, CancellationToken cancellation)
    {
        var isDue = _sealed is not { } last || clock.GetElapsedTime(last) >= settings.SealInterval;
        while (await sealer.Seal(isDue ? 1 : settings.SealEvents, cancellation) is { } block)
        {
            _sealed = clock.GetTimestamp();
            isDue = false;
            LogSealed(logger, block.Number, block.First, block.Last);
        }
    }

    private async Task Publish(bool force, CancellationToken cancellation)
    {
        if (!force && _published is { } last && clock.GetElapsedTime(last) < settings.CheckpointInterval) return;
        if (await _publisher.Publish(cancellation) is { } checkpoint)
        {
            _published = clock.GetTimestamp();
            LogCheckpoint(logger, checkpoint.Block, Convert.ToHexStringLower(checkpoint.Hash), checkpoint.LastSequence, checkpoint.KeyId);
        }

        if (_publisher.Conflict is { } conflict && conflict != _toldConflict) LogConflict(logger, conflict);
        _toldConflict = _publisher.Conflict;
    }

    private async Task PublishLast()
    {
        using var limit = new CancellationTokenSource(LastPublication);
        try
        {
            await Publish(force: true, limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // The next start writes it.
            LogFailure(logger, e);
        }
    }

    [LoggerMessage(40, LogLevel.Debug, "Sealed block {Block}: {First} to {Last}")]
    private static partial void LogSealed(ILogger logger, long block, long first, long last);

    [LoggerMessage(41, LogLevel.Information, "Checkpoint: block {Block}, hash {Hash}, through {LastSequence}, key {KeyId}")]
    private static partial void LogCheckpoint(ILogger logger, long block, string hash, long lastSequence, string keyId);

    [LoggerMessage(42, LogLevel.Critical, "The database does not fit the checkpoints kept outside it: {Conflict}")]
    private static partial void LogConflict(ILogger logger, string conflict);

    [LoggerMessage(43, LogLevel.Error, "Sealing failed and is tried again")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
