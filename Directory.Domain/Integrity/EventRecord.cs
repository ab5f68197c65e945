using System.Text;

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
/// <param name="Data">JSON in UTF-8.</param>
/// <param name="Headers">JSON in UTF-8, null if there are none.</param>
public sealed record EventPayload(byte[] Data, byte[]? Headers, string? CorrelationId, string? CausationId, string? UserName)
{
    /// <param name="data">JSON.</param>
    /// <param name="headers">JSON, null if there are none.</param>
    public EventPayload(string data, string? headers, string? correlationId, string? causationId, string? userName)
        : this(Encoding.UTF8.GetBytes(data), headers is null ? null : Encoding.UTF8.GetBytes(headers), correlationId, causationId, userName)
    {
    }

    /// <summary>One JSON object in the form of <see cref="CanonicalJson"/>.</summary>
    /// <exception cref="System.Text.Json.JsonException">The data or the headers are not JSON.</exception>
    public byte[] Canonical()
    {
        var output = TextBuffer.OfThread();
        Write(output);
        return output.Written.ToArray();
    }

    internal void Write(TextBuffer output)
    {
        output.Add("{\"causation_id\":"u8);
        CanonicalJson.WriteString(output, CausationId);
        output.Add(",\"correlation_id\":"u8);
        CanonicalJson.WriteString(output, CorrelationId);
        output.Add(",\"data\":"u8);
        CanonicalJson.Write(output, Data);
        output.Add(",\"headers\":"u8);
        if (Headers is null) output.Add("null"u8);
        else CanonicalJson.Write(output, Headers);
        output.Add(",\"user_name\":"u8);
        CanonicalJson.WriteString(output, UserName);
        output.Add((byte)'}');
    }
}
