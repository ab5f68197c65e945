using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Marten.Services;
using Npgsql;

namespace Directory.Projections.Rebuilding;

/// <summary>
/// Runs a projection anew, event by event in the order of the sequence, because each may change what another began: the switch and the
/// connections.
/// </summary>
internal sealed class StepwiseRebuild(EventPages pages, IDocumentStore store, IProjection projection) : IRebuild
{
    public bool NeedsIndexes => true;

    public async Task Take(NpgsqlTransaction transaction, long after, long through, Action<int, long> told, CancellationToken cancellation)
    {
        await foreach (var page in pages.Read<IReadOnlyList<IEvent>>(after, through, events => [.. events], cancellation))
        {
            await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
            await projection.ApplyAsync(session, page.Made, cancellation);
            await session.SaveChangesAsync(cancellation);
            told(page.Events, page.Last);
        }
    }

    public Task TakeRest(NpgsqlTransaction transaction, long after, Action<int, long> told, CancellationToken cancellation) =>
        Take(transaction, after, long.MaxValue, told, cancellation);
}
