using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Search;
using Directory.Projections.Streams;
using Directory.Projections.Users;

namespace Directory.Api.Users;

/// <summary>What the routes of /Users share: the schema, the stream, the query, and how a body becomes attributes.</summary>
public sealed class UserResources(ResourceType type, UserStream stream, ResourceQuery query)
{
    /// <summary>Bytes of a request about one user.</summary>
    public const long BodyLimit = 1024 * 1024;

    public ResourceType Type => type;
    public UserStream Stream => stream;
    public ResourceQuery Query => query;

    /// <summary>The attributes of a POST or PUT.</summary>
    public JsonObject Read(JsonObject body)
    {
        var attributes = ResourceReader.Read(type, body);
        attributes.Remove("schemas"); // follows from which extensions have data
        return attributes;
    }

    /// <summary>The user as a command left it, for the answer; the shape is read before the command, which a bad one must prevent.</summary>
    public async Task<ScimResult> Result(
        HttpContext context, User user, ResponseShape shape, int status, CancellationToken cancellation)
    {
        var groups = status != StatusCodes.Status201Created && shape.Includes("groups")
            ? await query.Linked(user.Id, context.Tenant(), ScimAddress.Of(context).BaseUrl, cancellation)
            : null;
        var body = ResourceWriter.Write(type, user.Id, user.Attributes, user.Meta);
        return new ScimResult(new StoredResource(type, user.Id, Encoding.UTF8.GetBytes(body), user.Meta.Version, groups), shape, status);
    }
}
