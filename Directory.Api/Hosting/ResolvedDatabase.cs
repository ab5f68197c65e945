namespace Directory.Api.Hosting;

/// <summary>
/// The database that the service uses. Dispose it after the host has stopped: a private server that no other process of the
/// service uses is shut down then; a configured database is left alone.
/// </summary>
/// <param name="ConnectionString">For Npgsql; holds the password.</param>
/// <param name="Description">For the log: where the database is, without the password.</param>
/// <param name="Cluster">The private cluster, or null when the connection string was configured.</param>
public sealed record ResolvedDatabase(string ConnectionString, string Description, PrivateCluster? Cluster) : IAsyncDisposable
{
    public bool IsPrivate => Cluster is not null;

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
