namespace Directory.Api.Hosting;

/// <summary>The account that the server runs as: PostgreSQL refuses to run as root.</summary>
/// <param name="Name">Null when the server runs as the account of this process, which is then not root.</param>
public sealed record ClusterAccount(string? Name)
{
    // postgres on Linux, _postgres on macOS; nobody exists everywhere.
    private static readonly string[] Unprivileged = ["postgres", "_postgres", "nobody"];

    /// <exception cref="DatabaseUnavailableException">The process is root and the system has none of the accounts known.</exception>
    public static ClusterAccount Choose()
    {
        if (!Environment.IsPrivilegedProcess)
            return new ClusterAccount(Name: null);
        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return Unprivileged.FirstOrDefault(known.Contains) is { } name
            ? new ClusterAccount(name)
            : throw new DatabaseUnavailableException(
                "PostgreSQL does not run as root, and this system has no user 'postgres' or 'nobody' to run it as. "
                + "Start the service as an ordinary user.");
    }

    /// <summary>Gives the file or folder, which exists, to the account.</summary>
    public async Task Give(string path, CancellationToken cancellation)
    {
        if (Name is null)
            return;
        var result = await PostgresTool.Run("/bin/sh", ["-c", "exec chown -R \"$0:\" \"$1\"", Name, path], "/", user: null, cancellation);
        if (!result.Succeeded)
            throw new DatabaseUnavailableException($"'{path}' cannot be given to the user '{Name}': {result.Output}");
    }

    /// <summary>Makes sure that the account can enter the folder, which it cannot below root's home.</summary>
    public async Task RequireEntry(string folder, CancellationToken cancellation)
    {
        if (Name is null)
            return;
        var result = await PostgresTool.Run("/bin/sh", ["-c", "cd \"$0\"", folder], "/", Name, cancellation);
        if (!result.Succeeded)
            throw new DatabaseUnavailableException(
                $"PostgreSQL does not run as root but as the user '{Name}', who may not enter '{folder}'. "
                + "Name another folder in Directory__DataFolder, such as /var/lib/directory, or start the service as an ordinary user.");
    }
}
