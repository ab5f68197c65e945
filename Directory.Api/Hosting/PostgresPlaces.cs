using System.Text.RegularExpressions;

namespace Directory.Api.Hosting;

/// <summary>Where PostgreSQL's server programs may be installed.</summary>
public static partial class PostgresPlaces
{
    private static readonly string[] UsualPlaces =
    [
        "/usr/lib/postgresql/*/bin", // Debian, Ubuntu
        "/usr/pgsql-*/bin", // packages of the PostgreSQL project for Red Hat
        "/usr/bin", // Red Hat, Alpine, Arch
        "/usr/libexec/postgresql*", // Alpine, several versions side by side
        "/opt/homebrew/opt/postgresql*/bin", // Homebrew on Apple silicon
        "/usr/local/opt/postgresql*/bin", // Homebrew on Intel
        "/Applications/Postgres.app/Contents/Versions/*/bin",
        "/usr/local/pgsql/bin", // built from source
    ];

    /// <summary>Folders to look in, best first: those of <c>PATH</c>, then the usual places with the newest version first.</summary>
    /// <param name="path">The value of <c>PATH</c>.</param>
    public static IEnumerable<string> All(string? path) => [.. FromPath(path), .. UsualPlaces.SelectMany(Expand)];

    /// <summary>
    /// The folders of <c>PATH</c>. A link such as <c>/usr/local/bin/postgres</c> counts for the folder that it leads to, since
    /// the programs look for one another beside the real file.
    /// </summary>
    public static IEnumerable<string> FromPath(string? path)
    {
        foreach (var folder in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            // A relative folder would mean another place after the next change of the working folder.
            if (!Path.IsPathRooted(folder))
                continue;
            var program = new FileInfo(Path.Combine(folder, "postgres"));
            if (Target(program)?.DirectoryName is { } real)
                yield return real;
            yield return folder;
        }
    }

    /// <summary>The folders that match a pattern with at most one segment that holds <c>*</c>, newest version first.</summary>
    public static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return System.IO.Directory.Exists(pattern) ? [pattern] : [];

        var start = pattern.LastIndexOf('/', star) + 1;
        var end = pattern.IndexOf('/', star);
        var (parent, name, rest) = end < 0
            ? (pattern[..start], pattern[start..], "")
            : (pattern[..start], pattern[start..end], pattern[(end + 1)..]);
        if (!System.IO.Directory.Exists(parent))
            return [];
        return System.IO.Directory.EnumerateDirectories(parent, name)
            .OrderByDescending(VersionIn)
            .ThenBy(folder => folder, StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, rest))
            .Where(System.IO.Directory.Exists);
    }

    // 17 in "postgresql@17" and in "postgres-17.6.0-linux-amd64", 9.6 in "9.6"; nothing in a folder without a number,
    // such as "latest".
    private static Version VersionIn(string folder)
    {
        var digits = FirstNumber().Match(Path.GetFileName(folder)).Value;
        return Version.TryParse(digits.Contains('.', StringComparison.Ordinal) ? digits : $"{digits}.0", out var version) ? version : new Version();
    }

    private static FileInfo? Target(FileInfo program)
    {
        try
        {
            return program.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A circle of links, or a folder of PATH that cannot be read.
            return null;
        }
    }

    [GeneratedRegex(@"\d{1,4}(\.\d{1,4}){0,3}")]
    private static partial Regex FirstNumber();
}
