using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Directory.Projections.Groups;
using Directory.Projections.Streams;
using Directory.Projections.Users;
using JasperFx.Events;

namespace Directory.Projections.Bulk;

/// <summary>The write side of bulk requests: several commands in one transaction, all of them or none.</summary>
public sealed class BulkStream(DirectoryWriter writer, UserStream users, GroupStream groups)
{
    /// <param name="origin">The request.</param>
    /// <param name="writes">On resources that differ, none depending on another: see <see cref="BulkBatch"/>.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <returns>The entity tags of the resources, in the order of the writes.</returns>
    /// <exception cref="ScimException">Why one of them cannot be; then none of them was.</exception>
    public Task<IReadOnlyList<string>> Write(Origin origin, IReadOnlyList<BulkWrite> writes, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var streams = new List<StreamAction>(writes.Count);
            foreach (var write in writes)
            {
                var stream = await Append(transaction, write, cancellation);
                write.Place.Stamp(stream.Events);
                streams.Add(stream);
            }

            await Commit(transaction, streams, cancellation);
            return (IReadOnlyList<string>)[.. writes.Select(write => ETag(transaction, write))];
        }, cancellation);

    private async Task<StreamAction> Append(WriteTransaction transaction, BulkWrite write, CancellationToken cancellation) => write switch
    {
        UserWrite { Command: CreateUser command } => users.Append(transaction, write.Id, command),
        UserWrite { Command: var command } => await users.Append(transaction, write.Id, write.Precondition, command, cancellation),
        GroupWrite { Command: CreateGroup command } => await groups.Append(transaction, write.Id, command, cancellation),
        GroupWrite { Command: var command } => await groups.Append(transaction, write.Id, write.Precondition, command, cancellation),
        _ => throw new InvalidOperationException($"There is no stream for {write.GetType().Name}."),
    };

    private static async Task Commit(WriteTransaction transaction, IReadOnlyList<StreamAction> streams, CancellationToken cancellation)
    {
        try
        {
            await transaction.Commit(cancellation);
        }
        catch (Exception e) when (UserStream.NameIsTaken(e) || GroupStream.NameIsTaken(e))
        {
            throw new ScimException(streams switch
            {
                [var stream] => UserStream.NameIsTaken(e)
                    ? UserStream.TakenBy(UserStream.Events(stream))
                    : GroupStream.TakenBy(GroupStream.Events(stream)),
                _ => ScimError.Conflict("One of the names is taken already; upper and lower case are not distinguished."),
            });
        }
    }

    private static string ETag(WriteTransaction transaction, BulkWrite write) => write switch
    {
        UserWrite => transaction.Folded.Get<User>(transaction.Tenant, write.Id)!.Meta.ETag,
        _ => transaction.Folded.Get<Group>(transaction.Tenant, write.Id)!.Meta.ETag,
    };
}
