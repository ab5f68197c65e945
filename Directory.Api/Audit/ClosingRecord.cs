using System.Text.Json.Nodes;

namespace Directory.Api.Audit;

/// <summary>
/// The end of an export: says whether it is whole, how many rows it has, and the hash of every byte before it. A file without one was
/// cut off.
/// </summary>
/// <param name="Complete">False when it was broken off, for the <paramref name="Reason"/>.</param>
/// <param name="Sha256">Of all bytes before this record, in lower-case hex.</param>
/// <param name="Checkpoint">The newest sealed checkpoint, null if nothing is sealed yet.</param>
public sealed record ClosingRecord(
    bool Complete, string? Reason, long Rows, long? FirstSequence, long? LastSequence, string Sha256, JsonNode? Checkpoint, string Tenant,
    string Query, DateTimeOffset Time)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["complete"] = Complete };
        if (Reason is not null) json["reason"] = Reason;
        json["rows"] = Rows;
        json["firstSequence"] = FirstSequence;
        json["lastSequence"] = LastSequence;
        json["sha256"] = Sha256;
        json["checkpoint"] = Checkpoint?.DeepClone();
        json["tenant"] = Tenant;
        json["query"] = Query;
        json["time"] = Domain.Scim.ScimDateTime.Format(Time);
        return json;
    }
}
