using System.Text.Json;
using System.Text.Json.Nodes;

namespace Directory.Domain.Scim.Patching;

/// <summary>The body of a PATCH request, RFC 7644 §3.5.2: <c>{"schemas":["…:PatchOp"],"Operations":[{"op","path","value"}]}</c>.</summary>
public static class PatchRequest
{
    /// <summary>More operations than this in one request are refused; what is announced and what is enforced is this figure.</summary>
    public const int MaxOperations = 1000;

    /// <summary>
    /// The operations in their order, with copies of their values. Names of members, the URN and the names of operations are read
    /// without regard to case, because Entra sends <c>Operations</c> with <c>Add</c> and others send <c>operations</c> with <c>add</c>.
    /// </summary>
    /// <exception cref="ScimException">
    /// invalidSyntax: no PatchOp URN, no operations, an unknown operation; invalidValue: an add or a replace without a value;
    /// 413 tooMany: more than <see cref="MaxOperations"/>.
    /// </exception>
    public static IReadOnlyList<PatchOperation> Parse(JsonObject body)
    {
        var members = Members(body);
        if (!NamesPatchOp(members.GetValueOrDefault("schemas")))
            throw Syntax($"The attribute 'schemas' must contain {ScimUrns.PatchOp}.");
        if (members.GetValueOrDefault("Operations") is not JsonArray { Count: > 0 } operations)
            throw Syntax("The attribute 'Operations' must be a list of at least one operation.");
        if (operations.Count > MaxOperations)
            throw new ScimException(ScimError.TooManyOperations(
                $"The request has {operations.Count} operations; at most {MaxOperations} are taken at once."));
        return [.. operations.Select((operation, index) => Operation(operation, $"Operations[{index}]"))];
    }

    private static PatchOperation Operation(JsonNode? json, string place)
    {
        if (json is not JsonObject operation) throw Syntax($"'{place}' must be an object with 'op', 'path' and 'value'.");
        var members = Members(operation);
        var op = Text(members.GetValueOrDefault("op"))?.ToUpperInvariant() switch
        {
            "ADD" => ChangeOperation.Add,
            "REPLACE" => ChangeOperation.Replace,
            "REMOVE" => ChangeOperation.Remove,
            _ => throw Syntax($"'{place}.op' must be add, replace or remove."),
        };
        // RFC 7644 §3.5.2.1: "The operation MUST contain a "value" member"; without one nobody can say what was meant by a replace, either.
        if (op != ChangeOperation.Remove && !members.ContainsKey("value"))
            throw new ScimException(ScimError.InvalidValue($"'{place}' needs a 'value'."));
        return new PatchOperation(op, Path(members.GetValueOrDefault("path"), place), members.GetValueOrDefault("value")?.DeepClone());
    }

    // An empty path is no path.
    private static string? Path(JsonNode? path, string place) =>
        path is null ? null : Text(path) switch
        {
            null => throw Syntax($"'{place}.path' must be a string."),
            "" => null,
            var text => text,
        };

    private static bool NamesPatchOp(JsonNode? schemas) =>
        schemas is JsonArray array && array.Any(urn => string.Equals(Text(urn), ScimUrns.PatchOp, StringComparison.OrdinalIgnoreCase));

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && JsonInput.TryGetText(value, out var text) ? text : null;

    private static Dictionary<string, JsonNode?> Members(JsonObject json) =>
        new(JsonInput.Members(json), StringComparer.OrdinalIgnoreCase);

    private static ScimException Syntax(string detail) => new(ScimError.InvalidSyntax(detail));
}
