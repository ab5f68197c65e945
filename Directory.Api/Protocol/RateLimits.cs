using System.Threading.RateLimiting;
using Directory.Api.Hosting;
using Directory.Domain.Scim;
using Directory.Projections.Provisioning;

namespace Directory.Api.Protocol;

/// <summary>
/// Overload is answered with 429 and Retry-After in whole seconds: an identity provider comes back by itself, whereas other failures
/// stay until an administrator acts. Counted per connection, per address where nobody has signed in, so that one client cannot starve
/// the others.
/// </summary>
public static class RateLimits
{
    private const int RetryAfterSeconds = 1;

    public static IServiceCollection AddRateLimits(this IServiceCollection services, LimitSettings limits) =>
        services.AddRateLimiter(limiter =>
        {
            var inFlight = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetConcurrencyLimiter(
                Client(context), _ => new ConcurrencyLimiterOptions
                {
                    PermitLimit = limits.RequestsInFlight,
                    QueueLimit = limits.RequestsWaiting,
                    QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                }));
            limiter.GlobalLimiter = limits.RequestsPerSecond == 0 ? inFlight : PartitionedRateLimiter.CreateChained(
                inFlight,
                PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
                    Client(context), _ => new TokenBucketRateLimiterOptions
                    {
                        TokenLimit = limits.RequestsPerSecond,
                        TokensPerPeriod = limits.RequestsPerSecond,
                        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    })));
            limiter.OnRejected = async (rejected, _) => await ErrorRendering.Write(rejected.HttpContext, ScimError.TooManyRequests(RetryAfter(rejected.Lease)));
        });

    // A limit that knows when it lets the next one through says so, in whole seconds.
    private static int RetryAfter(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(RetryAfterSeconds, (int)Math.Ceiling(wait.TotalSeconds)) : RetryAfterSeconds;

    private static string Client(HttpContext context) =>
        context.Features.Get<TokenIdentity>() is { } identity
            ? (identity.ConnectionId ?? identity.TokenId).ToString()
            : context.Connection.RemoteIpAddress?.ToString() ?? "";
}
