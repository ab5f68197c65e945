using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Groups;
using Directory.Projections.Search;
using Directory.Projections.Streams;

namespace Directory.Api.Groups;

/// <summary>What the routes of /Groups share: the schema, the stream, the query, and how a body becomes attributes and members.</summary>
public sealed class GroupResources(ResourceType type, GroupStream stream, ResourceQuery query)
{
    /// <summary>Bytes of a request about one group; 10,000 members and more fit.</summary>
    public const long BodyLimit = 10 * 1024 * 1024;

    private static readonly ReadLimits Limits = new(Elements: 100_000);

    public ResourceType Type => type;
    public GroupStream Stream => stream;
    public ResourceQuery Query => query;

    /// <summary>The attributes of a POST or PUT, and the ids of the members it names.</summary>
    public (JsonObject Attributes, IReadOnlyList<string> Members) Read(JsonObject body)
    {
        var attributes = ResourceReader.Read(type, body, null, Limits);
        attributes.Remove("schemas"); // follows from which extensions have data
        var members = attributes["members"] as JsonArray ?? [];
        attributes.Remove("members"); // members are rows
        return (attributes, [.. members.Select(m => (string?)m?["value"]
            ?? throw new ScimException(ScimError.InvalidValue("Every member needs a 'value', the id of a user or a group.")))]);
    }

    /// <summary>The group as a command left it, for the answer; the shape is read before the command, which a bad one must prevent.</summary>
    public async Task<ScimResult> Result(
        HttpContext context, Group group, ResponseShape shape, int status, CancellationToken cancellation)
    {
        var members = shape.Includes("members")
            ? await query.Linked(group.Id, context.Tenant(), ScimAddress.Of(context).BaseUrl, cancellation)
            : null;
        var body = ResourceWriter.Write(type, group.Id, group.Attributes, group.Meta);
        return new ScimResult(new StoredResource(type, group.Id, Encoding.UTF8.GetBytes(body), group.Meta.Version, members), shape, status);
    }
}
