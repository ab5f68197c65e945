using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Bulk;

namespace Directory.Api.Bulk;

/// <summary>What came of one operation.</summary>
/// <param name="Status">As the answer to a single request would have it.</param>
/// <param name="Location">The address of the resource; null when a creation failed.</param>
/// <param name="ETag">The version of the resource after the operation; null when there is none.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record BulkOutcome(int Status, string? Location, string? ETag, ScimError? Error);

/// <summary>
/// The BulkResponse of RFC 7644 §3.7: one element for each operation that was begun, in the order of the request. Operations that
/// were not, because of <c>failOnErrors</c>, are left out.
/// </summary>
public sealed class BulkAnswer(BulkRequest request, IReadOnlyDictionary<int, BulkOutcome> outcomes) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        var operations = new JsonArray();
        foreach (var (index, entry) in request.Entries.Index())
            if (outcomes.TryGetValue(index, out var outcome)) operations.Add(Operation(entry, outcome));
        var json = new JsonObject { ["schemas"] = new JsonArray(ScimUrns.BulkResponse), ["Operations"] = operations };
        return ScimJson.Write(context, StatusCodes.Status200OK, json.ToJsonString(ScimJson.Options));
    }

    private static JsonObject Operation(BulkEntry entry, BulkOutcome outcome)
    {
        var json = new JsonObject();
        Put(json, "location", outcome.Location);
        Put(json, "method", entry.Operation?.MethodName ?? entry.Method);
        Put(json, "bulkId", entry.BulkId);
        Put(json, "version", outcome.ETag);
        json["status"] = outcome.Status.ToString(CultureInfo.InvariantCulture);
        if (outcome.Error is not null) json["response"] = ScimJson.Error(outcome.Error);
        return json;
    }

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null) json[name] = value;
    }
}
