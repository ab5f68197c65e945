using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Directory.Domain.Scim;

namespace Directory.Projections.Audit;

/// <summary>An entry as JSON; its members are described in docs/audit-api.md. What is null is left out, save before and after.</summary>
public static class AuditJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string Text(StoredEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options)) Write(json, entry);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static Utf8JsonWriter Writer(IBufferWriter<byte> output) => new(output, Options);

    public static void Write(Utf8JsonWriter json, StoredEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("tenant", entry.Tenant);
        json.WriteString("time", ScimDateTime.Format(entry.Time));
        json.WriteString("action", entry.Action);
        json.WriteString("eventType", entry.EventType);
        json.WriteString("outcome", entry.Outcome);
        json.WriteString("sentence", entry.Sentence);
        json.WriteBoolean("noOp", entry.NoOp);
        WriteActor(json, entry);
        json.WriteStartObject("source");
        Put(json, "address", entry.Source);
        Put(json, "userAgent", entry.UserAgent);
        json.WriteEndObject();
        json.WritePropertyName("request");
        json.WriteRawValue(entry.Request, skipInputValidation: true);
        WriteTarget(json, entry);
        json.WriteStartObject("version");
        json.WriteNumber("before", entry.StreamVersion - 1);
        json.WriteNumber("after", entry.StreamVersion);
        json.WriteEndObject();
        if (entry.Members is not null)
        {
            json.WritePropertyName("members");
            json.WriteRawValue(entry.Members, skipInputValidation: true);
        }

        json.WritePropertyName("changes");
        json.WriteRawValue(entry.Changes, skipInputValidation: true);
        json.WriteEndObject();
    }

    private static void WriteActor(Utf8JsonWriter json, StoredEntry entry)
    {
        json.WriteStartObject("actor");
        json.WriteString("kind", entry.ActorKind);
        Put(json, "id", entry.ActorId);
        json.WriteString("name", entry.ActorName);
        Put(json, "connection", entry.Connection);
        Put(json, "tokenId", entry.TokenId);
        Put(json, "tokenPrefix", entry.TokenPrefix);
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, StoredEntry entry)
    {
        json.WriteStartObject("target");
        json.WriteString("type", entry.StreamType);
        json.WriteString("id", entry.StreamId);
        json.WriteString("name", entry.TargetName);
        Put(json, "externalId", entry.ExternalId);
        json.WriteNumber("version", entry.StreamVersion);
        json.WriteEndObject();
    }

    private static void Put(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
