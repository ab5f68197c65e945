using System.Diagnostics;
using System.Globalization;

namespace Directory.Api.Hosting;

/// <summary>
/// <c>postmaster.pid</c>, which a running server keeps in its data folder: line 1 is the process, line 4 the port, line 8 the
/// state (PostgreSQL's documentation, "Database File Layout"). A server that was killed leaves it behind.
/// </summary>
/// <param name="Port">Null while the server has not yet written it.</param>
public sealed record PostmasterFile(int ProcessId, int? Port, string State)
{
    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    /// <returns>Null when there is no such file, or it does not even hold a process.</returns>
    public static PostmasterFile? Read(string dataFolder)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(dataFolder));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        if (Number(lines, 0) is not { } process)
            return null;
        return new PostmasterFile(process, Number(lines, 3), lines.Length > 7 ? lines[7].Trim() : "");
    }

    /// <summary>Whether a process of this number exists at all, whatever it is.</summary>
    public bool NumberIsTaken()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the process can be the server: process numbers are used again, soonest in a container, and a killed server
    /// stays listed as a zombie where nothing collects it.
    /// </summary>
    public bool ServerMayLive()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) && !IsZombie();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    // /proc/N/stat is "N (name) S ...", S being the state; the name may hold spaces and brackets.
    private bool IsZombie()
    {
        var stat = $"/proc/{ProcessId.ToString(CultureInfo.InvariantCulture)}/stat";
        if (!OperatingSystem.IsLinux() || !File.Exists(stat))
            return false;
        var text = File.ReadAllText(stat);
        return text.AsSpan(text.LastIndexOf(')') + 1).TrimStart() is ['Z' or 'X', ..];
    }

    private static int? Number(string[] lines, int index) =>
        lines.Length > index && int.TryParse(lines[index].AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
