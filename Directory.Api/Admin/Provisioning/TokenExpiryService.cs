using System.Diagnostics.Metrics;
using Directory.Projections.Provisioning;
using Npgsql;

namespace Directory.Api.Admin.Provisioning;

/// <summary>
/// Looks once an hour which tokens will end: the metric <c>directory.token.expiry_days</c> has the days that are left of each, and the
/// log warns of those that need a successor, once a day each.
/// </summary>
public sealed partial class TokenExpiryService : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly TokenExpiry _expiry;
    private readonly TimeProvider _clock;
    private readonly ILogger<TokenExpiryService> _logger;
    private IReadOnlyList<TokenStatus> _tokens = [];

    public TokenExpiryService(TokenExpiry expiry, IMeterFactory meters, TimeProvider clock, ILogger<TokenExpiryService> logger)
    {
        (_expiry, _clock, _logger) = (expiry, clock, logger);
        meters.Create("Directory").CreateObservableGauge("directory.token.expiry_days", Measure, "d", "Days until a token expires.");
    }

    /// <summary>Looks now.</summary>
    public async Task Look(CancellationToken cancellation)
    {
        var tokens = await _expiry.Read(cancellation);
        Volatile.Write(ref _tokens, tokens);
        foreach (var token in tokens)
            if (TokenWarning.Of(token, _clock.GetUtcNow()) is { } warning && await _expiry.ClaimWarning(token.Id, cancellation))
                LogExpiry(_logger, warning);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
                try
                {
                    await Look(stoppingToken);
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException)
                {
                    LogFailure(_logger, e);
                }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private IEnumerable<Measurement<double>> Measure()
    {
        var now = _clock.GetUtcNow();
        return Volatile.Read(ref _tokens).Select(t => new Measurement<double>(
            (t.ExpiresAt!.Value - now).TotalDays, new("token", t.Prefix), new("kind", t.Kind), new("name", t.Name)));
    }

    [LoggerMessage(40, LogLevel.Warning, "{Warning}")]
    private static partial void LogExpiry(ILogger logger, string warning);

    [LoggerMessage(41, LogLevel.Warning, "The expiry of tokens could not be looked at and will be in an hour")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
