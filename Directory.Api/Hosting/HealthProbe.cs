namespace Directory.Api.Hosting;

/// <summary>
/// <c>Directory.Api --health-check</c>: asks the service that runs on this machine whether it is ready, for the health check of
/// a container, whose image has no other program that speaks HTTP.
/// </summary>
public static class HealthProbe
{
    public const string Switch = "--health-check";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>The exit code: 0 when <c>/health/ready</c> answers with success, else 1.</returns>
    public static async Task<int> Run(CancellationToken cancellation)
    {
        var address = Address(
            Environment.GetEnvironmentVariable("ASPNETCORE_URLS"), Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS"));
        using var client = new HttpClient { Timeout = Limit };
        try
        {
            using var answer = await client.GetAsync(new Uri(address, "/health/ready"), cancellation);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} does not answer: {e.Message}");
            return 1;
        }
    }

    /// <summary>Where the service of the same environment can be reached from the same machine, over plain HTTP.</summary>
    /// <param name="urls">The value of <c>ASPNETCORE_URLS</c>, which wins as it does in the framework.</param>
    /// <param name="ports">The value of <c>ASPNETCORE_HTTP_PORTS</c>.</param>
    public static Uri Address(string? urls, string? ports)
    {
        var plain = Split(urls).FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        if (plain is not null)
        {
            // "+", "*" and the addresses that stand for every interface are no addresses to connect to.
            var binding = BindingAddress.Parse(plain);
            var host = binding.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : binding.Host;
            return new UriBuilder("http", host, binding.Port).Uri;
        }
        var port = Split(ports).FirstOrDefault() ?? "5000";
        return new Uri($"http://127.0.0.1:{port}");
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
