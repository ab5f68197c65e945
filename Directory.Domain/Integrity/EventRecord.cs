using System.Buffers;

namespace Directory.Domain.Integrity;

/// <summary>What is sealed of an event, as the event table holds it.</summary>
/// <param name="Sequence">Its place in the order of all events.</param>
/// <param name="Type">The storage name of its type, such as <c>user_created</c>.</param>
/// <param name="Version">Its place in its stream, from 1.</param>
/// <param name="Time">UTC, in microseconds.</param>
/// <param name="Payload">What it says, and under which request.</param>
public sealed record EventRecord(
    long Sequence, Guid Id, string Tenant, string Type, Guid StreamId, long Version, DateTimeOffset Time, EventPayload Payload);

/// <summary>The part of an event that can hold what is known of a person, and that an erasure can therefore mask.</summary>
/// <param name="Data">JSON.</param>
/// <param name="Headers">JSON, null if there are none.</param>
public sealed record EventPayload(string Data, string? Headers, string? CorrelationId, string? CausationId, string? UserName)
{
    /// <summary>One JSON object in the form of <see cref="CanonicalJson"/>.</summary>
    /// <exception cref="System.Text.Json.JsonException">The data or the headers are not JSON.</exception>
    public byte[] Canonical()
    {
        var output = new ArrayBufferWriter<byte>(Data.Length + (Headers?.Length ?? 0) + 256);
        CanonicalJson.Ascii(output, "{\"causation_id\":");
        CanonicalJson.WriteString(output, CausationId);
        CanonicalJson.Ascii(output, ",\"correlation_id\":");
        CanonicalJson.WriteString(output, CorrelationId);
        CanonicalJson.Ascii(output, ",\"data\":");
        CanonicalJson.Write(output, Data);
        CanonicalJson.Ascii(output, ",\"headers\":");
        CanonicalJson.Write(output, Headers ?? "null");
        CanonicalJson.Ascii(output, ",\"user_name\":");
        CanonicalJson.WriteString(output, UserName);
        CanonicalJson.Ascii(output, "}");
        return output.WrittenSpan.ToArray();
    }
}
