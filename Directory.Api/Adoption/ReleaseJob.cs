using System.Text.Json.Nodes;
using Directory.Api.Jobs;
using Directory.Domain.Scim;
using Directory.Projections.Adoption;

namespace Directory.Api.Adoption;

/// <summary>
/// Releases everything that a connection manages, such as one that is removed, so that the next can take it over. Each user and group is an event and
/// a transaction of its own; broken off, it is begun again and does what is left.
/// </summary>
public sealed class ReleaseJob(LocalResources local, ManagedResources managed) : IJobKind
{
    public const string Kind = "connection.release";

    private const int PageSize = 200;

    public string Name => Kind;

    public static JsonObject Input(string connection) => new() { ["connection"] = connection };

    public async Task<JsonNode?> Run(JobRun run, CancellationToken cancellation)
    {
        var (connection, origin) = ((string)run.Job.Input["connection"]!, run.Job.Origin);
        var total = await managed.Count(run.Job.Tenant, connection, cancellation);
        var done = 0L;
        var users = await Each(managed.UsersOf, id => local.ReleaseUser(origin, id, Precondition.None, cancellation));
        var groups = await Each(managed.GroupsOf, id => local.ReleaseGroup(origin, id, Precondition.None, cancellation));
        return new JsonObject { ["usersReleased"] = users, ["groupsReleased"] = groups };

        async Task<long> Each(
            Func<string, string?, Guid, int, CancellationToken, Task<IReadOnlyList<ManagedResource>>> page, Func<Guid, Task> release)
        {
            var released = 0L;
            for (var after = Guid.Empty; await page(run.Job.Tenant, connection, after, PageSize, cancellation) is { Count: > 0 } some; after = some[^1].Id)
                foreach (var resource in some)
                {
                    released += await TryRelease(() => release(resource.Id)) ? 1 : 0;
                    run.Report("releasing", ++done, Math.Max(total, done));
                }

            return released;
        }
    }

    /// <summary>Whoever was deleted or released in the same moment needs it no more.</summary>
    private static async Task<bool> TryRelease(Func<Task> release)
    {
        try
        {
            await release();
            return true;
        }
        catch (ScimException e) when (e.Error.Status is 404 or 409)
        {
            return false;
        }
    }
}
