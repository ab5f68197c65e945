using Directory.Projections.Groups;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Npgsql;

namespace Directory.Projections.Rebuilding;

/// <summary>Makes the intervals of membership anew, event by event in the order of the sequence: each may end what another began.</summary>
internal sealed class MembershipRebuild(EventPages pages, IDocumentStore store) : IRebuild
{
    private readonly MembershipProjection _projection = new();

    public bool NeedsIndexes => true;

    public async Task Take(NpgsqlTransaction transaction, long after, long through, Action<int, long> told, CancellationToken cancellation)
    {
        await foreach (var page in pages.Read<IReadOnlyList<IEvent>>(after, through, events => events, cancellation))
        {
            await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
            await _projection.ApplyAsync(session, page.Made, cancellation);
            await session.SaveChangesAsync(cancellation);
            told(page.Events, page.Last);
        }
    }

    public Task TakeRest(NpgsqlTransaction transaction, long after, Action<int, long> told, CancellationToken cancellation) =>
        Take(transaction, after, long.MaxValue, told, cancellation);
}
