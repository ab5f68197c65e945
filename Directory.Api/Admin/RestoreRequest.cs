using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Scim;

namespace Directory.Api.Admin;

/// <summary>The body of a restoration: to which version or instant, neither for the last before a deletion.</summary>
/// <param name="Version">A stream version.</param>
/// <param name="At">An instant, RFC 3339.</param>
/// <param name="Memberships">Whether the groups it was in then take it back.</param>
/// <param name="Sent">The body, for the audit.</param>
public sealed record RestoreRequest(long? Version, string? At, bool Memberships, SentRequest Sent)
{
    /// <exception cref="ScimException">400 invalidValue.</exception>
    public static RestoreRequest Parse(JsonObject body)
    {
        AdminBody.DemandOnly(body, "version", "at", "memberships");
        var version = body["version"] switch
        {
            null => (long?)null,
            JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) && number > 0 => number,
            _ => throw new ScimException(ScimError.InvalidValue("'version' must be a whole number above 0.")),
        };
        var at = AdminBody.Text(body, "at");
        if (version is not null && at is not null) throw new ScimException(ScimError.InvalidValue("Give either 'version' or 'at'."));
        return new RestoreRequest(version, at, AdminBody.Flag(body, "memberships"), new SentRequest(body.DeepClone()));
    }
}

/// <summary>Reads the bodies of the administrators' requests: what is unknown in them is refused, since it was meant to do something.</summary>
public static class AdminBody
{
    /// <summary>Bytes of a body; a previewed request may be as long as a SCIM request.</summary>
    public const long Limit = Groups.GroupResources.BodyLimit;

    public static void DemandOnly(JsonObject body, params string[] names)
    {
        if (body.FirstOrDefault(p => !names.Contains(p.Key, StringComparer.Ordinal)).Key is { } unknown)
            throw new ScimException(ScimError.InvalidValue($"'{unknown}' is unknown here; there are {string.Join(", ", names)}."));
    }

    public static string? Text(JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw new ScimException(ScimError.InvalidValue($"'{name}' must be a text.")),
    };

    public static bool Flag(JsonObject body, string name) => body[name] switch
    {
        null => false,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw new ScimException(ScimError.InvalidValue($"'{name}' must be true or false.")),
    };
}
