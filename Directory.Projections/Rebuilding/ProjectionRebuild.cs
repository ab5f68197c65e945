using Directory.Domain.Groups;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Audit;
using Directory.Projections.Groups;
using Directory.Projections.Provisioning;
using Directory.Projections.Users;
using Marten;
using Npgsql;

namespace Directory.Projections.Rebuilding;

/// <summary>
/// Makes the tables of a projection anew from the events, beside the old ones, which go on serving and being written to; then the new
/// ones take their place, and whoever writes waits for that moment only. All of it is one transaction: broken off, it leaves nothing.
/// See docs/decisions/0045-rebuilds.md.
/// </summary>
public sealed class ProjectionRebuild(
    IDocumentStore store, NpgsqlDataSource database, StableSequence sequence, ResourceType users, ResourceType groups)
{
    private const long Turn = 0x5265_6275_696c_64; // any number that nobody else locks

    /// <summary>So few events are left to the moment in which others wait.</summary>
    private const int Few = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <param name="projection">A key of <see cref="DirectoryStore.Projections"/>.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="cancellation">Broken off: everything is as it was.</param>
    /// <returns>How many events were read.</returns>
    /// <exception cref="RebuildRunningException">Another one is at work on the database.</exception>
    /// <exception cref="InvalidOperationException">An event cannot be read; everything is as it was.</exception>
    public async Task<long> Run(string projection, IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        var rebuild = Of(projection);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await TakeTurn(connection, cancellation);
        var tables = new RebuiltTables(connection, DirectoryStore.Projections[projection], rebuild.NeedsKey);
        await tables.Create(!rebuild.NeedsIndexes, cancellation);
        if (rebuild.NeedsIndexes) await tables.Index(cancellation);

        var (through, events) = (0L, 0L);
        var told = new RebuildProgress(projection, RebuildStage.Reading, 0, 0, await sequence.Read(cancellation));
        await Take();
        Tell(RebuildStage.Indexing);
        if (!rebuild.NeedsIndexes) await tables.Index(cancellation);
        await tables.Analyze(cancellation);
        do
        {
            Tell(RebuildStage.Reading);
            while (await sequence.Read(cancellation) > through + Few) await Take();
            Tell(RebuildStage.Swapping);
        }
        while (!await tables.TryLock(cancellation) && await Wait());

        await rebuild.TakeRest(transaction, through, Count, cancellation);
        await tables.Swap(cancellation);
        await transaction.CommitAsync(cancellation);
        Tell(RebuildStage.Done);
        return events;

        async Task Take()
        {
            var settled = await sequence.Read(cancellation);
            await rebuild.Take(transaction, through, settled, Count, cancellation);
            through = settled;
        }

        void Count(int read, long last)
        {
            events += read;
            told = told with { Events = events, Through = last, Last = Math.Max(told.Last, last) };
            progress?.Report(told);
        }

        void Tell(RebuildStage stage)
        {
            told = told with { Stage = stage };
            progress?.Report(told);
        }

        async Task<bool> Wait()
        {
            await Task.Delay(Pause, cancellation);
            return true;
        }
    }

    private IRebuild Of(string projection)
    {
        var pages = new EventPages(database, store.Options.Serializer());
        return projection switch
        {
            AuditProjection.Name => new AuditRebuild(pages, users, groups),
            MembershipProjection.Name => new MembershipRebuild(new EventPages(database, store.Options.Serializer(), MembershipChange.Concerned)),
            ProvisioningProjection.Name => new StepwiseRebuild(pages, store, new ProvisioningProjection()),
            UserProjection.Name => new ResourceRebuild<User>(database, pages, ResourceKinds.Users(users)),
            GroupProjection.Name => new ResourceRebuild<Group>(database, pages, ResourceKinds.Groups(groups)),
            _ => throw new ArgumentOutOfRangeException(nameof(projection), projection, "There is no such projection."),
        };
    }

    private static async Task TakeTurn(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var turn = new NpgsqlCommand($"select pg_try_advisory_xact_lock({Turn})", connection);
        if (!(bool)(await turn.ExecuteScalarAsync(cancellation))!) throw new RebuildRunningException();
    }
}
