using System.Globalization;
using System.Text.RegularExpressions;

namespace Directory.Api.Hosting;

/// <summary>One installation of PostgreSQL's server programs.</summary>
/// <param name="Folder">The folder that holds <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c>.</param>
/// <param name="Version">What <c>postgres --version</c> says.</param>
public sealed partial record PostgresBinaries(string Folder, Version Version)
{
    /// <summary>The oldest major version that the service runs by itself.</summary>
    public const int OldestMajor = 14;

    public int Major => Version.Major;
    public string Postgres => Path.Combine(Folder, "postgres");
    public string InitDb => Path.Combine(Folder, "initdb");
    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>Whether the folder holds all three programs; a client-only installation does not.</summary>
    public static bool AreIn(string folder) =>
        File.Exists(Path.Combine(folder, "postgres"))
        && File.Exists(Path.Combine(folder, "initdb"))
        && File.Exists(Path.Combine(folder, "pg_ctl"));

    /// <summary>
    /// The first installation among the folders that can be used: of the given major version, since a cluster opens only with
    /// the version that created it, or for a new cluster of any version from <see cref="OldestMajor"/> on.
    /// </summary>
    public static async Task<PostgresBinaries?> FirstUsable(IEnumerable<string> folders, int? major, CancellationToken cancellation)
    {
        foreach (var folder in folders.Where(AreIn))
        {
            if (await ReadVersion(folder, cancellation) is not { } version)
                continue;
            if (major is null ? version.Major >= OldestMajor : version.Major == major)
                return new PostgresBinaries(folder, version);
        }
        return null;
    }

    /// <summary>Reads the version that a line such as <c>postgres (PostgreSQL) 15.18 (Debian 15.18-1)</c> names.</summary>
    public static Version? ParseVersion(string line)
    {
        var match = VersionNumber().Match(line);
        return match.Success
            ? new Version(Number(match.Groups["major"].Value), match.Groups["minor"].Success ? Number(match.Groups["minor"].Value) : 0)
            : null;
    }

    private static async Task<Version?> ReadVersion(string folder, CancellationToken cancellation)
    {
        try
        {
            var result = await PostgresTool.Run(Path.Combine(folder, "postgres"), ["--version"], folder, user: null, cancellation);
            return result.Succeeded ? ParseVersion(result.Output) : null;
        }
        catch (DatabaseUnavailableException)
        {
            // A broken installation, such as one for another processor, is not the one to use.
            return null;
        }
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    // "17devel" and "18beta1" have no minor version.
    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d{1,4})(\.(?<minor>\d{1,4}))?")]
    private static partial Regex VersionNumber();
}
