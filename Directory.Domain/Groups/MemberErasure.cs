using System.Text.Json.Nodes;
using Directory.Domain.Users;

namespace Directory.Domain.Groups;

/// <summary>What is left in a group's events of a member who is erased: the id, without a name.</summary>
public static class MemberErasure
{
    /// <exception cref="InvalidOperationException">Nobody has said yet what the event says of a member.</exception>
    public static IGroupEvent Of(IGroupEvent e, Guid member) => e switch
    {
        GroupMembersAdded g => g with { Members = Masked(g.Members, member), Request = Masked(g.Request, member) },
        GroupMembersRemoved g => g with { Members = Masked(g.Members, member), Request = Masked(g.Request, member) },
        GroupCreated g => g with { Request = Masked(g.Request, member) },
        GroupReplaced g => g with { Request = Masked(g.Request, member) },
        GroupPatched g => g with { Request = Masked(g.Request, member) },
        GroupRestored g => g with { Request = Masked(g.Request, member) },
        GroupDeleted g => g with { Request = Masked(g.Request, member) },
        GroupAdopted g => g with { Request = Masked(g.Request, member) },
        GroupAdoptionConsented g => g with { Request = Masked(g.Request, member) },
        GroupAdoptionDeclined g => g with { Request = Masked(g.Request, member) },
        GroupReleased g => g with { Request = Masked(g.Request, member) },
        _ => throw new InvalidOperationException($"An erasure does not know {e.GetType().Name}; it must not pass over one."),
    };

    private static List<Member> Masked(IReadOnlyList<Member> members, Guid member) =>
        [.. members.Select(m => m.Id == member ? m with { Name = UserErasure.Mask, Display = null } : m)];

    private static SentRequest? Masked(SentRequest? request, Guid member) =>
        request?.Body is { } body ? request with { Body = Masked(body, member.ToString("D")) } : request;

    /// <summary>What a client sent of the member beside the id, such as its display name, is gone (RFC 7643 §4.2).</summary>
    private static JsonNode? Masked(JsonNode? node, string member) => node switch
    {
        JsonObject json when json.Any(p => IsMember(p, member)) => new JsonObject { ["value"] = member },
        JsonObject json => new JsonObject(json.Select(p => KeyValuePair.Create(p.Key, Masked(p.Value, member)))),
        JsonArray array => new JsonArray([.. array.Select(item => Masked(item, member))]),
        _ => node?.DeepClone(),
    };

    private static bool IsMember(KeyValuePair<string, JsonNode?> property, string member) =>
        property is { Key: var name, Value: JsonValue value }
        && string.Equals(name, "value", StringComparison.OrdinalIgnoreCase)
        && string.Equals(value.ToString(), member, StringComparison.OrdinalIgnoreCase);
}
