namespace Directory.Api.Hosting;

/// <summary>
/// Finds the database of the service: the configured one; else a private cluster, run with PostgreSQL's programs from this
/// machine or, where the machine allows it, from a download; else an error that names the ways out.
/// </summary>
/// <remarks>
/// Settings: <c>ConnectionStrings:Directory</c>; <c>Directory:PrivateDatabase</c>, which false forbids the private cluster, as in
/// a container that would lose it; <c>Directory:DataFolder</c>, where the private cluster lies;
/// <c>Directory:PostgresBin</c>, the folder of PostgreSQL's programs; <c>Directory:PostgresMirror</c>, a Maven repository to
/// download from.
/// </remarks>
public static class DatabaseResolver
{
    /// <exception cref="DatabaseUnavailableException">There is no database to use; print the message and end.</exception>
    public static async Task<ResolvedDatabase> Resolve(IConfiguration configuration, ILogger logger, CancellationToken cancellation)
    {
        if (configuration.GetConnectionString("Directory") is { } configured && !string.IsNullOrWhiteSpace(configured))
        {
            var complete = DatabaseConnection.WithDefaults(configured);
            return new ResolvedDatabase(complete, DatabaseConnection.Describe(complete), Cluster: null);
        }

        if (!configuration.GetValue("Directory:PrivateDatabase", defaultValue: true))
            throw DatabaseUnavailableException.NothingFound("ConnectionStrings__Directory is not set, and Directory__PrivateDatabase is false.");
        if (OperatingSystem.IsWindows())
            throw DatabaseUnavailableException.NothingFound("On Windows the service does not run a PostgreSQL server of its own.");

        var folder = new ClusterFolder(Path.GetFullPath(Setting(configuration, "DataFolder") ?? ClusterFolder.Default()));
        var binaries = await Binaries(configuration, folder, logger, cancellation);
        var cluster = await PrivateCluster.Start(new ClusterOptions(folder.Root), binaries, logger, cancellation);
        return new ResolvedDatabase(
            cluster.ConnectionString, $"private {DatabaseConnection.Describe(cluster.ConnectionString)}, in {folder.Root}", cluster);
    }

    private static async Task<PostgresBinaries> Binaries(
        IConfiguration configuration, ClusterFolder folder, ILogger logger, CancellationToken cancellation)
    {
        var major = folder.Major;
        if (Setting(configuration, "PostgresBin") is { } named)
            return await PostgresBinaries.FirstUsable([named], major, cancellation)
                ?? throw DatabaseUnavailableException.NothingFound($"Directory__PostgresBin names '{named}', {Unfit(major, folder)}");

        string[] places = [.. PostgresPlaces.All(Environment.GetEnvironmentVariable("PATH")), .. PostgresDownload.Finished(folder)];
        if (await PostgresBinaries.FirstUsable(places, major, cancellation) is { } found)
            return found;

        var (fetched, reason) = await PostgresDownload.TryFetch(folder, major, Setting(configuration, "PostgresMirror"), logger, cancellation);
        return await PostgresBinaries.FirstUsable(fetched is null ? [] : [fetched], major, cancellation)
            ?? throw DatabaseUnavailableException.NothingFound($"The places where PostgreSQL's programs usually are hold none, {Unfit(major, folder)} {reason}");
    }

    private static string Unfit(int? major, ClusterFolder folder) => major is null
        ? $"or none of version {PostgresBinaries.OldestMajor} or later with postgres, initdb and pg_ctl."
        : $"or none of version {major}, which created the cluster in '{folder.Root}' and alone can open it.";

    private static string? Setting(IConfiguration configuration, string name) =>
        configuration[$"Directory:{name}"] is { Length: > 0 } value ? value : null;
}
