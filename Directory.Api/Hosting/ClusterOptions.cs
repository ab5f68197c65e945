namespace Directory.Api.Hosting;

/// <summary>How a private cluster is kept.</summary>
/// <param name="Folder">Where everything of the cluster lies; created when it does not exist.</param>
public sealed record ClusterOptions(string Folder)
{
    /// <summary>False only where losing everything is fine, as in tests: no fsync, and commits that do not wait for the disk.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>How long a start may take; after an unclean end the server first replays up to 2 GB of its log.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a shutdown may take, which writes everything in memory to disk.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromMinutes(1);
}
