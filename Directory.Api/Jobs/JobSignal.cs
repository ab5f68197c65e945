namespace Directory.Api.Jobs;

/// <summary>Wakes the <see cref="JobService"/> of this node, and whoever waits for a job, before they would look by themselves.</summary>
public sealed class JobSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the next job of this node does.</summary>
    public Task NextEnd => Volatile.Read(ref _ended).Task;

    public void Ended()
    {
        Interlocked.Exchange(ref _ended, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        Wake();
    }

    public void Wake()
    {
        try
        {
            _signal.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is awake already, or never will be again.
        }
    }

    public async Task Wait(TimeSpan atMost, CancellationToken cancellation)
    {
        try
        {
            await _signal.WaitAsync(atMost, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Whoever waits looks at the token.
        }
    }

    public void Dispose() => _signal.Dispose();
}
