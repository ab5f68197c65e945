namespace Directory.Api.Hosting;

/// <summary>
/// Creates the cluster beside its final place and renames it when it is finished, so that a half-made one is never taken for
/// a cluster. The caller holds the folder's lock.
/// </summary>
public static class ClusterCreation
{
    public const string Superuser = "directory";

    /// <exception cref="DatabaseUnavailableException"><c>initdb</c> fails; the message holds what it says.</exception>
    public static async Task Create(
        ClusterFolder folder, PostgresBinaries binaries, ClusterAccount account, bool durable, CancellationToken cancellation)
    {
        var password = folder.Password();
        var failure = "";
        foreach (var locale in Locales(binaries.Major))
        {
            folder.EmptyCreating();
            var passwordFile = Path.Combine(folder.Creating, "password");
            ClusterFolder.WritePrivate(passwordFile, password);
            await account.Give(folder.Creating, cancellation);

            var data = Path.Combine(folder.Creating, "data");
            string[] arguments =
            [
                "--pgdata", data, "--username", Superuser, "--pwfile", passwordFile, "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--data-checksums", .. locale, .. (string[])(durable ? [] : ["--no-sync"]),
            ];
            var result = await PostgresTool.Run(binaries.InitDb, arguments, folder.Creating, account.Name, cancellation);
            if (result.Succeeded)
            {
                await Finish(folder, data, cancellation);
                return;
            }
            failure = result.Output;
        }
        throw new DatabaseUnavailableException($"A PostgreSQL cluster cannot be created in '{folder.Root}': {failure}");
    }

    private static async Task Finish(ClusterFolder folder, string data, CancellationToken cancellation)
    {
        var include = $"\ninclude_if_exists '{ClusterSettings.FileName}'\n";
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.conf"), include, cancellation);
        System.IO.Directory.Move(data, folder.Data);
        System.IO.Directory.Delete(folder.Creating, recursive: true);
    }

    // Texts sort by code point in all of them, so an update of the system's locales cannot break an index. From version 17 on
    // the server brings C.UTF-8 itself; before, the system may have it; plain C knows upper and lower case of ASCII only.
    private static IEnumerable<string[]> Locales(int major)
    {
        if (major >= 17)
            yield return ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"];
        yield return ["--locale", "C.UTF-8"];
        yield return ["--locale", "C"];
    }
}
