using System.Text.Json.Nodes;
using Directory.Domain.Scim;

namespace Directory.Domain.Users;

/// <summary>
/// What is left of a user's events when the person is erased: that they happened, when, by whom, which attributes they were about,
/// and when the account was active. Every value is gone, and so is what the client sent.
/// </summary>
public static class UserErasure
{
    /// <summary>What stands in place of every erased value.</summary>
    public const string Mask = "(erased)";

    public static readonly Subject Subject = new(Mask);

    /// <summary>The attributes of an erased user.</summary>
    public static JsonObject Attributes => new() { ["userName"] = Mask, ["active"] = false };

    /// <summary>The event without what it says of the person; the same event when it is masked again.</summary>
    /// <exception cref="InvalidOperationException">Nobody has said yet what the event says of a person.</exception>
    public static IUserEvent Of(IUserEvent e) => e switch
    {
        UserCreated u => u with { Subject = Subject, Attributes = Masked(u.Attributes), Request = Masked(u.Request) },
        UserReplaced u => u with { Subject = Subject, Changes = Masked(u.Changes), Request = Masked(u.Request) },
        UserPatched u => u with { Subject = Subject, Changes = Masked(u.Changes), Request = Masked(u.Request) },
        UserDeactivated u => u with { Subject = Subject, Changes = Masked(u.Changes), Request = Masked(u.Request) },
        UserReactivated u => u with { Subject = Subject, Changes = Masked(u.Changes), Request = Masked(u.Request) },
        UserRestored u => u with { Subject = Subject, Changes = Masked(u.Changes), Request = Masked(u.Request) },
        UserDeleted u => u with { Subject = Subject, Request = Masked(u.Request) },
        UserAdopted u => u with { Subject = Subject, Request = Masked(u.Request) },
        UserAdoptionConsented u => u with { Subject = Subject, Request = Masked(u.Request) },
        UserAdoptionDeclined u => u with { Subject = Subject, Request = Masked(u.Request) },
        UserReleased u => u with { Subject = Subject, Request = Masked(u.Request) },
        UserErased => e,
        _ => throw new InvalidOperationException($"An erasure does not know {e.GetType().Name}; it must not pass over one."),
    };

    private static SentRequest? Masked(SentRequest? request) => request is null ? null : request with { Body = null };

    private static JsonObject Masked(JsonObject attributes)
    {
        var masked = new JsonObject();
        foreach (var (name, value) in attributes) masked[name] = name == "active" ? value?.DeepClone() : Masked(value, element: false);
        return masked;
    }

    private static List<AttributeChange> Masked(IReadOnlyList<AttributeChange> changes) =>
    [
        .. changes.Select(c => c.Path == "active" ? c : c with { Before = Masked(c.Before, element: true), After = Masked(c.After, element: true) }),
    ];

    /// <summary>The forms stay, so that the events can still be folded: an element of a list stays an element with a value.</summary>
    private static JsonNode? Masked(JsonNode? value, bool element)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonArray array:
                return new JsonArray([.. array.Select(item => Masked(item, element: true))]);
            case JsonObject when element:
                return new JsonObject { ["value"] = Mask };
            case JsonObject complex:
                var masked = new JsonObject();
                foreach (var (name, part) in complex) masked[name] = Masked(part, element: false);
                return masked;
            default:
                return Mask;
        }
    }
}
