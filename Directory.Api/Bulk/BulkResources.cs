using System.Text.Json.Nodes;
using Directory.Api.Groups;
using Directory.Api.Protocol;
using Directory.Api.Users;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Bulk;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Bulk;
using Directory.Projections.Streams;

namespace Directory.Api.Bulk;

/// <summary>What bulk requests work on: how an operation becomes a command, by the same rules as the request that it stands for.</summary>
public sealed class BulkResources(UserResources users, GroupResources groups, BulkStream stream)
{
    public BulkStream Stream => stream;

    /// <exception cref="ScimException">404: nothing is provisioned at that endpoint.</exception>
    public ResourceType Type(string endpoint) =>
        string.Equals(endpoint, users.Type.Endpoint, StringComparison.OrdinalIgnoreCase) ? users.Type
        : string.Equals(endpoint, groups.Type.Endpoint, StringComparison.OrdinalIgnoreCase) ? groups.Type
        : throw new ScimException(ScimError.NoEndpoint(endpoint));

    /// <param name="operation">The operation.</param>
    /// <param name="id">The resource that it is about.</param>
    /// <param name="data">Its body, references resolved; null for a deletion.</param>
    /// <exception cref="ScimException">What the endpoint would refuse.</exception>
    public BulkWrite Write(BulkOperation operation, Guid id, JsonObject? data)
    {
        var type = Type(operation.Endpoint);
        var place = new BulkPlace(operation.Index, operation.MethodName, operation.Path);
        var precondition = Precondition.Parse(operation.Version);
        return type == users.Type
            ? new UserWrite(place, id, precondition, UserCommand(operation.Method, data))
            : new GroupWrite(place, id, precondition, GroupCommand(operation.Method, data));
    }

    private UserCommand UserCommand(BulkMethod method, JsonObject? data)
    {
        if (data is null) return new Domain.Users.DeleteUser(SentRequest.None);
        return method switch
        {
            BulkMethod.Post => new Domain.Users.CreateUser(users.Read(data), SentBody.OfCreation(users.Type, data)),
            BulkMethod.Put => new Domain.Users.ReplaceUser(users.Read(data), SentBody.Of(users.Type, data)),
            _ => new Domain.Users.PatchUser(PatchRequest.Parse(data), SentBody.OfPatch(users.Type, data)),
        };
    }

    private GroupCommand GroupCommand(BulkMethod method, JsonObject? data)
    {
        if (data is null) return new Domain.Groups.DeleteGroup(SentRequest.None);
        if (method == BulkMethod.Patch) return new Domain.Groups.PatchGroup(PatchRequest.Parse(data), SentBody.OfPatch(groups.Type, data));
        var (attributes, members) = groups.Read(data);
        return method == BulkMethod.Post
            ? new Domain.Groups.CreateGroup(attributes, members, SentBody.OfCreation(groups.Type, data))
            : new Domain.Groups.ReplaceGroup(attributes, members, SentBody.Of(groups.Type, data));
    }
}
