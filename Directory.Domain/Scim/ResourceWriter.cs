using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// Writes a resource as clients see it (RFC 7643 §3): schemas, id, externalId, the attributes in the order of the schema, the
/// extensions, <c>meta</c> last. The same state gives the same text, whatever order a database kept its keys in. Left out are
/// <c>meta.location</c>, which depends on the address the service is reached by, and what lives in rows (members, groups); they are
/// put in on the way out.
/// </summary>
public static class ResourceWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string Write(ResourceType type, Guid id, JsonObject attributes, ResourceMeta meta)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            WriteSchemas(writer, type, attributes);
            writer.WriteString("id", id);
            WriteValue(writer, "externalId", attributes["externalId"], null);
            WriteAttributes(writer, type.Schema.Attributes, attributes);
            foreach (var extension in type.Extensions)
                if (attributes[extension.Schema.Id] is JsonObject values)
                {
                    writer.WritePropertyName(extension.Schema.Id);
                    WriteObject(writer, extension.Schema.Attributes, values);
                }
            WriteMeta(writer, type, meta);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>RFC 3339 in UTC with microseconds, the precision of the event store.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static void WriteSchemas(Utf8JsonWriter writer, ResourceType type, JsonObject attributes)
    {
        writer.WriteStartArray("schemas");
        writer.WriteStringValue(type.Schema.Id);
        foreach (var extension in type.Extensions)
            if (attributes.ContainsKey(extension.Schema.Id)) writer.WriteStringValue(extension.Schema.Id);
        writer.WriteEndArray();
    }

    private static void WriteMeta(Utf8JsonWriter writer, ResourceType type, ResourceMeta meta)
    {
        writer.WriteStartObject("meta");
        writer.WriteString("resourceType", type.Name);
        writer.WriteString("created", Time(meta.Created));
        writer.WriteString("lastModified", Time(meta.LastModified));
        writer.WriteString("version", meta.ETag);
        writer.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter writer, IReadOnlyList<AttributeDefinition> definitions, JsonObject values)
    {
        writer.WriteStartObject();
        WriteAttributes(writer, definitions, values);
        writer.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter writer, IReadOnlyList<AttributeDefinition> definitions, JsonObject values)
    {
        foreach (var definition in definitions)
            if (values.TryGetPropertyValue(definition.Name, out var value))
                WriteValue(writer, definition.Name, value, definition);
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, JsonNode? value, AttributeDefinition? definition)
    {
        if (value is null) return;
        writer.WritePropertyName(name);
        if (value is JsonArray array)
        {
            writer.WriteStartArray();
            foreach (var element in array) WriteElement(writer, element, definition);
            writer.WriteEndArray();
        }
        else
        {
            WriteElement(writer, value, definition);
        }
    }

    private static void WriteElement(Utf8JsonWriter writer, JsonNode? value, AttributeDefinition? definition)
    {
        if (value is JsonObject complex && definition is not null) WriteObject(writer, definition.SubAttributes, complex);
        else if (value is null) writer.WriteNullValue();
        else value.WriteTo(writer);
    }
}
