namespace Directory.Api.Hosting;

/// <summary>Held by the one process that starts or stops the server of a folder; the system releases it when a process dies.</summary>
public sealed class ClusterLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly FileStream file;

    private ClusterLock(FileStream file) => this.file = file;

    /// <exception cref="DatabaseUnavailableException">The file cannot be opened at all.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the lock was free.</exception>
    public static async Task<ClusterLock> Take(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new ClusterLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (UnauthorizedAccessException e)
            {
                throw new DatabaseUnavailableException($"The lock file '{path}' cannot be opened; does the folder belong to another user?", e);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException))
            {
                // Held by another process; the subclasses mean something else, such as a missing folder.
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    // The file stays: deleting it would let two processes lock two files of one name.
    public void Dispose() => file.Dispose();
}
