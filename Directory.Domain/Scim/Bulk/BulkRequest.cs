using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Directory.Domain.Scim.Bulk;

/// <summary>The methods of RFC 7644 §3.7.</summary>
public enum BulkMethod { Post, Put, Patch, Delete }

/// <summary>One operation of a bulk request (RFC 7644 §3.7).</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Method">What is to be done.</param>
/// <param name="Endpoint">The endpoint of the resource type with its slash, as sent: <c>/Users</c>.</param>
/// <param name="Target">The id, or <c>bulkId:…</c>, of the resource; null for a creation.</param>
/// <param name="BulkId">The client's name for the resource to be created; null if it has none.</param>
/// <param name="Version">The entity tag that the resource must have; null if any will do.</param>
/// <param name="Data">The body of the operation; null for a deletion.</param>
public sealed record BulkOperation(
    int Index, BulkMethod Method, string Endpoint, string? Target, string? BulkId, string? Version, JsonObject? Data)
{
    public string MethodName => Method.ToString().ToUpperInvariant();
    public string Path => Target is null ? Endpoint : $"{Endpoint}/{Target}";

    /// <summary>The bulkIds that the operation refers to.</summary>
    public IReadOnlySet<string> References { get; } = BulkReferences.In(Target, Data);
}

/// <summary>An operation that cannot be read fails alone: either <see cref="Operation"/> or <see cref="Error"/> is there.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Error">Why it cannot be carried out.</param>
/// <param name="Method">The method as sent, for the answer.</param>
/// <param name="BulkId">The bulkId as sent, for the answer.</param>
public sealed record BulkEntry(BulkOperation? Operation, ScimError? Error, string? Method, string? BulkId);

/// <summary>The body of a bulk request, RFC 7644 §3.7: <c>{"schemas":["…:BulkRequest"],"failOnErrors":1,"Operations":[…]}</c>.</summary>
/// <param name="FailOnErrors">Failed operations after which no further one is begun; null if there is no such number.</param>
/// <param name="Entries">One for each operation, in their order.</param>
public sealed record BulkRequest(int? FailOnErrors, IReadOnlyList<BulkEntry> Entries)
{
    /// <summary>More operations in one request are refused; what is announced and what is enforced is this figure.</summary>
    public const int MaxOperations = 1000;

    /// <summary>Names of members, the URN and the methods are read without regard to case, as in a PATCH.</summary>
    /// <exception cref="ScimException">
    /// invalidSyntax: no BulkRequest URN, no operations; invalidValue: a failOnErrors below 1; 413 tooMany: more operations than
    /// <see cref="MaxOperations"/>.
    /// </exception>
    public static BulkRequest Parse(JsonObject body)
    {
        var members = Members(body);
        if (members.GetValueOrDefault("schemas") is not JsonArray schemas
            || !schemas.Any(urn => string.Equals(Text(urn), ScimUrns.BulkRequest, StringComparison.OrdinalIgnoreCase)))
            throw new ScimException(ScimError.InvalidSyntax($"The attribute 'schemas' must contain {ScimUrns.BulkRequest}."));
        if (members.GetValueOrDefault("Operations") is not JsonArray { Count: > 0 } operations)
            throw new ScimException(ScimError.InvalidSyntax("The attribute 'Operations' must be a list of at least one operation."));
        // RFC 7644 §3.7.4.
        if (operations.Count > MaxOperations)
            throw new ScimException(ScimError.TooManyOperations(
                $"The request has {operations.Count} operations; at most {MaxOperations} (maxOperations) are taken at once."));
        return new BulkRequest(Limit(members.GetValueOrDefault("failOnErrors")), Read(operations));
    }

    private static int? Limit(JsonNode? value)
    {
        if (value is null) return null;
        return value.GetValueKind() == JsonValueKind.Number
            && int.TryParse(value.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0
            ? limit
            : throw new ScimException(ScimError.InvalidValue("'failOnErrors' must be a whole number above 0."));
    }

    private static List<BulkEntry> Read(JsonArray operations)
    {
        var bulkIds = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<BulkEntry>(operations.Count);
        foreach (var (index, json) in operations.Index())
        {
            string? method = null, bulkId = null;
            try
            {
                if (json is not JsonObject operation) throw Syntax("It must be an object with 'method', 'path' and 'data'.");
                var members = Members(operation);
                (method, bulkId) = (Text(members.GetValueOrDefault("method")), Text(members.GetValueOrDefault("bulkId")));
                var read = Operation(index, method, bulkId, members);
                // RFC 7644 §3.7: a bulkId is unique within the request.
                if (read is { Method: BulkMethod.Post, BulkId: not null } && !bulkIds.Add(read.BulkId))
                    throw Syntax($"The bulkId '{bulkId}' is used by an operation before it.");
                entries.Add(new BulkEntry(read, null, method, bulkId));
            }
            catch (ScimException e)
            {
                entries.Add(new BulkEntry(null, e.Error, method, bulkId));
            }
        }

        return entries;
    }

    private static BulkOperation Operation(int index, string? name, string? bulkId, Dictionary<string, JsonNode?> members)
    {
        var method = name?.ToUpperInvariant() switch
        {
            "POST" => BulkMethod.Post,
            "PUT" => BulkMethod.Put,
            "PATCH" => BulkMethod.Patch,
            "DELETE" => BulkMethod.Delete,
            _ => throw Syntax("Its method must be POST, PUT, PATCH or DELETE."),
        };
        var (endpoint, target) = Split(Text(members.GetValueOrDefault("path")));
        if (method == BulkMethod.Post && target is not null) throw Syntax("The path of a POST is the endpoint alone, such as /Users.");
        if (method != BulkMethod.Post && target is null) throw Syntax("Its path must name a resource, such as /Users/{id}.");
        if (bulkId is { Length: 0 }) bulkId = null;
        var data = method == BulkMethod.Delete ? null : Data(method, members.GetValueOrDefault("data"));
        var version = method == BulkMethod.Post ? null : Text(members.GetValueOrDefault("version"));
        return new BulkOperation(index, method, endpoint, target, bulkId, version, data);
    }

    // "/Users" or "/Users/{id}", relative to the base URL (RFC 7644 §3.7).
    private static (string Endpoint, string? Target) Split(string? path)
    {
        var parts = path?.Trim('/').Split('/') ?? [];
        return parts switch
        {
            [{ Length: > 0 } endpoint] => ("/" + endpoint, null),
            [{ Length: > 0 } endpoint, { Length: > 0 } target] => ("/" + endpoint, target),
            _ => throw Syntax("Its path must be an endpoint or a resource relative to the base URL, such as /Users or /Users/{id}."),
        };
    }

    // The examples of RFC 7644 §3.7 leave the PatchOp message out and send the bare list of its operations.
    private static JsonObject Data(BulkMethod method, JsonNode? data)
    {
        if (method == BulkMethod.Patch && data is JsonArray operations)
            return new JsonObject { ["schemas"] = new JsonArray(ScimUrns.PatchOp), ["Operations"] = operations.DeepClone() };
        if (data is not JsonObject json) throw Syntax("It needs 'data', the body of the operation.");
        if (method != BulkMethod.Patch || Members(json).ContainsKey("schemas")) return json;
        var patch = (JsonObject)json.DeepClone();
        patch["schemas"] = new JsonArray(ScimUrns.PatchOp);
        return patch;
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && JsonInput.TryGetText(value, out var text) ? text : null;

    private static Dictionary<string, JsonNode?> Members(JsonObject json) =>
        new(JsonInput.Members(json), StringComparer.OrdinalIgnoreCase);

    private static ScimException Syntax(string detail) => new(ScimError.InvalidSyntax(detail));
}
