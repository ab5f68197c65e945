using System.Threading.RateLimiting;
using Directory.Api.Hosting;

namespace Directory.Api.Pages;

/// <summary>Passwords can be tried a few times in a minute from one address; looking at the form costs nothing.</summary>
public static class PageRateLimits
{
    public const string SignIn = "sign-in";

    public static IServiceCollection AddSignInLimit(this IServiceCollection services, LimitSettings limits) =>
        services.AddRateLimiter(limiter => limiter.AddPolicy(SignIn, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.SignInsPerMinute,
                Window = TimeSpan.FromMinutes(1),
            })
            : RateLimitPartition.GetNoLimiter("")));
}
