using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace AuditBenchmark;

/// <summary>The service as a process of its own, on a port of the loopback interface, and its commands.</summary>
public sealed class Service : IAsyncDisposable
{
    public const string ScimToken = "benchmark-scim-token-0123456789", AuditToken = "benchmark-audit-token-0123456789";

    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "Directory.Api.dll");

    private readonly Process _process;

    private Service(Process process, Uri address)
    {
        _process = process;
        Audit = Client(address, AuditToken);
        Scim = Client(address, ScimToken);
    }

    public HttpClient Audit { get; }

    public HttpClient Scim { get; }

    /// <summary>Resident memory in MiB.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    public static async Task<Service> Start(string folder)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        free.Stop();
        var process = Run(folder, ["--urls", address.ToString()], quiet: true);
        var service = new Service(process, address);
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromMinutes(5);)
        {
            if (process.HasExited) throw new InvalidOperationException($"The service ended with {process.ExitCode}.");
            try
            {
                // Ready comes later, when what follows the writes has followed.
                if ((await service.Audit.GetAsync("/health/live")).IsSuccessStatusCode) return service;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(200);
            }
        }

        throw new TimeoutException("The service does not answer.");
    }

    /// <summary>A command of the service, to its end; its output is shown.</summary>
    /// <returns>Seconds.</returns>
    public static async Task<double> Command(string folder, params string[] args)
    {
        var watch = Stopwatch.StartNew();
        using var process = Run(folder, args, quiet: false);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"{string.Join(' ', args)} ended with {process.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        Audit.Dispose();
        Scim.Dispose();
        if (!_process.HasExited)
        {
            using var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await signal.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private static Process Run(string folder, string[] args, bool quiet)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. args]) { RedirectStandardOutput = quiet, WorkingDirectory = AppContext.BaseDirectory };
        start.Environment["Directory__DataFolder"] = folder;
        start.Environment["Directory__Bootstrap__ScimToken"] = ScimToken;
        start.Environment["Directory__Bootstrap__AuditToken"] = AuditToken;
        start.Environment["Directory__Bootstrap__AdminPassword"] = "benchmark-password-0123456789";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        var process = Process.Start(start)!;
        if (quiet) process.BeginOutputReadLine();
        return process;
    }

    private static HttpClient Client(Uri address, string token)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
