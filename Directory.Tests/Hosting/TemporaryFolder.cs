using System.Diagnostics;
using System.Globalization;
using Directory.Api.Hosting;

namespace Directory.Tests.Hosting;

/// <summary>Folders of test clusters. Their names hold the process that uses them, so that a later run can clear up after a killed one.</summary>
public static class TemporaryFolder
{
    private const string Prefix = "directory-tests-";

    public static string NewName() =>
        Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}"));

    public static void Delete(string folder)
    {
        if (System.IO.Directory.Exists(folder))
            System.IO.Directory.Delete(folder, recursive: true);
    }

    /// <summary>Stops the servers and deletes the folders of test runs that were killed.</summary>
    public static async Task RemoveAbandoned(PostgresBinaries binaries)
    {
        foreach (var folder in System.IO.Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            if (OwnerLives(folder))
                continue;
            try
            {
                var data = new ClusterFolder(folder).Data;
                if (PostmasterFile.Read(data) is { } file && file.ServerMayLive())
                    await PostgresTool.Run(
                        binaries.PgCtl, ["stop", "--mode", "immediate", "--pgdata", data], data, ClusterAccount.Choose().Name, CancellationToken.None);
                Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It belongs to another user, or another run clears it up at this moment.
                continue;
            }
        }
    }

    private static bool OwnerLives(string folder)
    {
        var number = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var owner))
            return true;
        try
        {
            using var process = Process.GetProcessById(owner);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
