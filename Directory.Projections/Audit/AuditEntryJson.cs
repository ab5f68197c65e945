using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;

namespace Directory.Projections.Audit;

/// <summary>The parts of an entry that are stored as JSON; they are made for every event that is written, rebuilt or verified.</summary>
internal static class AuditEntryJson
{
    private const int LargestKept = 1 << 20;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    /// <summary>
    /// The changes: <c>[{"path","op","before","after"}]</c>. A secret that was supplied is told by its name and <c>"redacted":true</c>, without
    /// values: they were discarded before anything could store them.
    /// </summary>
    public static string Changes(AuditEntry entry) => Text(entry, static (json, entry) =>
    {
        json.WriteStartArray();
        foreach (var change in entry.Changes)
        {
            json.WriteStartObject();
            json.WriteString("op", Name(change.Op));
            json.WriteString("path", change.Path);
            Put(json, "after", change.After);
            Put(json, "before", change.Before);
            json.WriteEndObject();
        }

        foreach (var name in entry.Withheld)
        {
            json.WriteStartObject();
            json.WriteString("op", Name(ChangeOperation.Replace));
            json.WriteString("path", name);
            json.WriteBoolean("redacted", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Whom a group's entry is about beside the group; null if nobody.</summary>
    public static string? Members(AuditEntry entry) => entry.Members.Count == 0 ? null : Text(entry, static (json, entry) =>
    {
        json.WriteStartArray();
        foreach (var member in entry.Members)
        {
            json.WriteStartObject();
            json.WriteString("id", member.Id);
            json.WriteString("name", member.Name);
            json.WriteString("type", member.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>What is told of the request and where it came from.</summary>
    public static string Detail(AuditEntry entry) => Text(entry, static (json, entry) =>
    {
        var origin = entry.Origin;
        json.WriteStartObject();
        json.WriteStartObject("request");
        Put(json, "path", origin.Path);
        Put(json, "method", origin.Method);
        Put(json, "ifMatch", origin.IfMatch);
        Put(json, "traceId", origin.TraceId);
        Put(json, "bodySha256", origin.BodyHash);
        if (origin.Bulk is { } bulk)
        {
            json.WriteStartObject("bulk");
            json.WriteNumber("operation", bulk.Index);
            json.WriteString("method", bulk.Method);
            json.WriteString("path", bulk.Path);
            json.WriteEndObject();
        }

        if (entry.Request?.Body is { } body) Put(json, "sent", body);
        if (entry.Withheld.Count > 0)
        {
            json.WriteStartArray("withheld");
            foreach (var name in entry.Withheld) json.WriteStringValue(name);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        Put(json, "userAgent", origin.UserAgent);
        Put(json, "tokenPrefix", origin.Actor.TokenPrefix);
        Put(json, "sourceAddress", origin.SourceAddress);
        json.WriteEndObject();
    });

    private static string Name(ChangeOperation operation) => operation switch
    {
        ChangeOperation.Add => "add",
        ChangeOperation.Remove => "remove",
        ChangeOperation.Replace => "replace",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "There is no such operation."),
    };

    private static string Text(AuditEntry entry, Action<Utf8JsonWriter, AuditEntry> write)
    {
        if (s_buffer is not { Capacity: <= LargestKept }) (s_buffer, s_writer) = (new ArrayBufferWriter<byte>(1024), null);
        s_buffer.ResetWrittenCount();
        s_writer ??= new Utf8JsonWriter(s_buffer, Options);
        s_writer.Reset(s_buffer);
        write(s_writer, entry);
        s_writer.Flush();
        return Encoding.UTF8.GetString(s_buffer.WrittenSpan);
    }

    private static void Put(Utf8JsonWriter json, string name, JsonNode? value)
    {
        json.WritePropertyName(name);
        if (value is null) json.WriteNullValue();
        else value.WriteTo(json);
    }

    private static void Put(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
