using System.ComponentModel;
using System.Diagnostics;

namespace Directory.Api.Hosting;

/// <summary>What a finished program left behind.</summary>
/// <param name="Output">Its standard output and error, in that order.</param>
public sealed record ToolResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs one of PostgreSQL's programs to its end.</summary>
public static class PostgresTool
{
    /// <param name="user">Account to run as, which only root can choose; null for the account of this process.</param>
    /// <param name="workingFolder">Must be readable by that account; the programs refuse to start elsewhere.</param>
    /// <exception cref="DatabaseUnavailableException">The program cannot be started at all.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program has been ended.</exception>
    public static async Task<ToolResult> Run(
        string program, IEnumerable<string> arguments, string workingFolder, string? user, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = Describe(program, arguments, workingFolder, user) };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException)
        {
            var account = user is null ? "" : $" as user '{user}'";
            throw new DatabaseUnavailableException($"{program} cannot be started{account}: {e.Message}", e);
        }

        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new ToolResult(process.ExitCode, $"{await output}{await error}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, string workingFolder, string? user)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (user is not null)
            start.UserName = user;

        // PGDATA, PGPORT and their like would change what the programs do. The plain locale keeps messages in English, which
        // are matched, and keeps the server on macOS from loading frameworks that start threads.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
