using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Imports;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Directory.Projections.Groups;
using Directory.Projections.Streams;
using Directory.Projections.Users;
using Marten;
using Npgsql;

namespace Directory.Projections.Imports;

/// <summary>The write side of imports: everything that a file says, in one transaction that is there as a whole or not at all.</summary>
public sealed class ImportStream(
    IDocumentStore store, NpgsqlDataSource database, UserStream users, GroupStream groups, RecordReader reader, TimeProvider clock)
{
    /// <summary>Users in one batch to the database; it is small enough for progress to be seen and large enough to be fast.</summary>
    private const int Batch = 200;

    /// <summary>What an import would do, and what is wrong with it; nothing is changed.</summary>
    public async Task<ImportPlan> Check(
        string tenant, IReadOnlyList<ImportedRecord> records, Func<Guid> newId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return ImportCheck.Run(reader, records, await ImportFactsQuery.Ask(connection, tenant, records, cancellation), newId);
    }

    /// <param name="origin">The administrator and the request by which it was started.</param>
    /// <param name="newId">Makes ids of users and groups.</param>
    /// <param name="progress">Told how many users and groups are written, of how many; nobody sees them before the end.</param>
    /// <param name="complete">The last step of the transaction, which can still prevent it.</param>
    /// <exception cref="ScimException">409: the directory is no longer what it was when the file was checked, or a name was taken meanwhile.</exception>
    public async Task<ImportCompleted> Run(
        Origin origin, Import import, Func<Guid> newId, Action<long, long> progress,
        Func<NpgsqlConnection, ImportCompleted, Task> complete, CancellationToken cancellation)
    {
        await using var transaction = await WriteTransaction.Begin(store, database, origin, cancellation, inParts: true);
        await ImportRecords.Hold(transaction.Connection, import.Id, cancellation);
        var records = await ImportRecords.Read(transaction.Connection, import.Id, cancellation);
        var plan = ImportCheck.Run(reader, records, await ImportFactsQuery.Ask(transaction.Connection, origin.TenantId, records, cancellation), newId);
        if (plan.Errors is [var first, ..])
            throw new ScimException(ScimError.Conflict($"The directory has changed since the file was checked; on line {first.Line}: {first.Message} Check it again."));

        var total = plan.Users.Count + plan.Groups.Count;
        await WriteUsers(transaction, plan.Users, done => progress(done, total), cancellation);
        var added = await WriteGroups(transaction, plan, done => progress(done, total), cancellation);
        var completed = new ImportCompleted(
            import.Id, import.FileName, import.Sha256, plan.Users.Count, plan.UsersThere, plan.GroupsMade,
            plan.Groups.Count(g => g.Exists), added, import.Withheld);
        transaction.Session.Events.StartStream(import.Id, completed);
        await transaction.Write(cancellation);
        await ImportTable.Complete(transaction.Connection, import.Id, clock.GetUtcNow(), cancellation);
        await complete(transaction.Connection, completed);
        await Commit(transaction, cancellation);
        return completed;
    }

    private async Task WriteUsers(
        WriteTransaction transaction, IReadOnlyList<PlannedUser> planned, Action<long> progress, CancellationToken cancellation)
    {
        var done = 0L;
        foreach (var batch in planned.Chunk(Batch))
        {
            foreach (var user in batch) users.Append(transaction, user.Id, new CreateUser(user.Attributes, Request(user.Withheld)));
            await transaction.Write(cancellation);
            progress(done += batch.Length);
        }
    }

    private async Task<long> WriteGroups(WriteTransaction transaction, ImportPlan plan, Action<long> progress, CancellationToken cancellation)
    {
        var (done, added) = ((long)plan.Users.Count, 0L);
        foreach (var group in plan.Groups)
        {
            var stream = group.Exists
                ? await groups.Append(transaction, group.Id, Precondition.None, new ExtendLocalGroup(group.Members, SentRequest.None), cancellation)
                : await groups.Append(
                    transaction, group.Id, new CreateGroup(group.Attributes, [.. group.Members.Select(m => m.ToString())], SentRequest.None), cancellation);
            added += GroupStream.Events(stream).OfType<GroupMembersAdded>().Sum(e => (long)e.Members.Count);
            await transaction.Write(cancellation);
            progress(++done);
        }

        return added;
    }

    private static async Task Commit(WriteTransaction transaction, CancellationToken cancellation)
    {
        try
        {
            await transaction.Commit(cancellation);
        }
        catch (Exception e) when (UserStream.NameIsTaken(e) || GroupStream.NameIsTaken(e))
        {
            throw new ScimException(ScimError.Conflict("A name of the file was taken by somebody else at the same moment. Check the file again."));
        }
    }

    private static SentRequest Request(IReadOnlyList<string> withheld) =>
        withheld.Count == 0 ? SentRequest.None : new SentRequest(null, withheld);
}
