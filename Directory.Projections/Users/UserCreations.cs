using System.Collections.Concurrent;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Streams;
using Npgsql;

namespace Directory.Projections.Users;

/// <summary>
/// Creates users. One that comes alone has its own transaction at once; those that come while more transactions are under way than the
/// machine has cores gather, and share the next. Sharing a commit costs the database and the service less for each, so a first import
/// over several connections goes faster, and nobody waits for company. What one of them is refused for touches no other: if a shared
/// transaction fails, each is done again in its own.
/// </summary>
public sealed class UserCreations(DirectoryWriter writer, ResourceType type)
{
    /// <summary>Creations that share a transaction at most.</summary>
    private const int Most = 32;

    private static readonly int TransactionsAtOnce = Environment.ProcessorCount + 1;

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <returns>The user as stored.</returns>
    /// <exception cref="ScimException">409 uniqueness when the userName is taken.</exception>
    public async Task<User> Create(Origin origin, Guid id, CreateUser command, CancellationToken cancellation)
    {
        var creation = new Creation(origin, id, UserDecider.Decide(type, null, command), cancellation);
        var lane = _lanes.GetOrAdd(origin.TenantId, _ => new Lane());
        if (!lane.Enter(creation)) return await creation.Done.Task;
        try
        {
            return await Alone(creation);
        }
        finally
        {
            lane.Leave(batch => Together(origin.TenantId, batch));
        }
    }

    private async Task Together(string tenant, IReadOnlyList<Creation> creations)
    {
        Creation[] wanted = [.. creations.Where(c => !c.GivenUp()).OrderBy(c => c.Turn(tenant))];
        try
        {
            if (wanted.Length > 1) await Share(tenant, wanted);
            else await OneByOne(wanted);
        }
        catch (Exception e) when (e is PostgresException or ScimException || e.InnerException is PostgresException)
        {
            await OneByOne(wanted); // the database refused, so nothing of it is there
        }
        catch (Exception e)
        {
            foreach (var creation in wanted) creation.Done.TrySetException(e);
        }
    }

    private async Task Share(string tenant, IReadOnlyList<Creation> creations)
    {
        var users = await writer.WriteTogether(creations[0].Origin, async transaction =>
        {
            foreach (var creation in creations) creation.Origin.StampEach(creation.Append(transaction).Events);
            await transaction.Commit(CancellationToken.None);
            return creations.Select(c => transaction.Folded.Get<User>(tenant, c.Id)!).ToList();
        });
        for (var i = 0; i < users.Count; i++) creations[i].Done.TrySetResult(users[i]);
    }

    private async Task OneByOne(IEnumerable<Creation> creations)
    {
        foreach (var creation in creations)
            try
            {
                creation.Done.TrySetResult(await Alone(creation));
            }
            catch (Exception e)
            {
                creation.Done.TrySetException(e);
            }
    }

    private Task<User> Alone(Creation creation) => writer.Write(creation.Origin, async transaction =>
    {
        creation.Append(transaction);
        await UserStream.Commit(transaction, creation.Events, creation.Cancellation);
        return transaction.Folded.Get<User>(transaction.Tenant, creation.Id)!;
    }, creation.Cancellation);

    private sealed record Creation(Origin Origin, Guid Id, IReadOnlyList<IUserEvent> Events, CancellationToken Cancellation)
    {
        public TaskCompletionSource<User> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Names are taken in one order, so that two transactions never wait for one another.</summary>
        public long Turn(string tenant) => UserRows.Turn(tenant, Events[0].Subject.Name);

        public JasperFx.Events.StreamAction Append(WriteTransaction transaction) =>
            transaction.Session.Events.StartStream(Id, Events);

        public bool GivenUp() => Cancellation.IsCancellationRequested && Done.TrySetCanceled(Cancellation);
    }

    /// <summary>The creations of one directory: how many transactions are under way, and who waits for the next.</summary>
    private sealed class Lane
    {
        private readonly Lock _lock = new();
        private readonly Queue<Creation> _waiting = [];
        private int _underWay;

        /// <returns>Whether the creation may go at once; otherwise it waits in line.</returns>
        public bool Enter(Creation creation)
        {
            lock (_lock)
            {
                if (_underWay == TransactionsAtOnce)
                {
                    _waiting.Enqueue(creation);
                    return false;
                }

                _underWay++;
                return true;
            }
        }

        /// <summary>Gives the place to those who wait, away from the request whose it was.</summary>
        public void Leave(Func<IReadOnlyList<Creation>, Task> write)
        {
            if (Next() is not { Count: > 0 } batch) return;
            using var _ = ExecutionContext.SuppressFlow();
            Task.Run(async () =>
            {
                for (; batch.Count > 0; batch = Next()) await write(batch);
            });
        }

        private List<Creation> Next()
        {
            lock (_lock)
            {
                var batch = new List<Creation>();
                while (batch.Count < Most && _waiting.TryDequeue(out var creation)) batch.Add(creation);
                if (batch.Count == 0) _underWay--;
                return batch;
            }
        }
    }
}
