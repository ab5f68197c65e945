using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Directory.Projections.Rebuilding;

/// <summary>Reading, working and writing at the same time: pieces are worked on by all processors and handed out in the order in which they came.</summary>
internal static class WorkInOrder
{
    /// <param name="read">Reads and hands over each piece of work; it is held up while enough of them wait.</param>
    /// <param name="cancellation">Given up.</param>
    public static async IAsyncEnumerable<T> Run<T>(
        Func<Func<Func<T>, Task>, CancellationToken, Task> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pieces = Channel.CreateBounded<Task<T>>(new BoundedChannelOptions(Environment.ProcessorCount) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Fill(pieces.Writer, read, stop.Token);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellation)) yield return await piece;
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the channel has told what went wrong
        }
    }

    private static async Task Fill<T>(
        ChannelWriter<Task<T>> pieces, Func<Func<Func<T>, Task>, CancellationToken, Task> read, CancellationToken cancellation)
    {
        try
        {
            await read(work => pieces.WriteAsync(Task.Run(work, cancellation), cancellation).AsTask(), cancellation);
            pieces.Complete();
        }
        catch (Exception e)
        {
            pieces.Complete(e);
            throw;
        }
    }
}
