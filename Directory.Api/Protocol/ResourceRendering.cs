using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Projections.Streams;

namespace Directory.Api.Protocol;

/// <summary>
/// The JSON text of a resource: its stored body completed by its address and what lives in rows. Nothing is parsed unless attributes
/// are to be left out.
/// </summary>
internal static class ResourceRendering
{
    private const int Address = 256;

    // What is written was read from JSON, and checked when it came in.
    private static readonly JsonWriterOptions Writing = new() { Encoder = ScimJson.Options.Encoder, SkipValidation = true };

    public static int Length(StoredResource resource) => resource.Body.Length + (resource.Linked?.Length ?? 0) + Address;

    public static void Write(IBufferWriter<byte> output, StoredResource resource, ScimAddress address, ResponseShape shape)
    {
        if (shape.IsDefault)
        {
            WriteWhole(output, resource, address);
            return;
        }

        using var whole = new PooledBuffer(Length(resource));
        WriteWhole(whole, resource, address);
        var shaped = shape.Apply((JsonObject)JsonNode.Parse(whole.Written.Span)!);
        using var writer = new Utf8JsonWriter(output, Writing);
        shaped.WriteTo(writer);
    }

    private static void WriteWhole(IBufferWriter<byte> output, StoredResource resource, ScimAddress address)
    {
        // The stored body ends with the meta object: }} closes meta and resource.
        output.Write(resource.Body.AsSpan(0, resource.Body.Length - 2));
        output.Write(",\"location\":\""u8);
        output.Write(Encoding.UTF8.GetBytes(address.Resource(resource.Type, resource.Id)));
        output.Write("\"}"u8);
        if (resource.Linked is { Length: > 0 } linked)
        {
            output.Write(resource.LinkedAttribute == "members" ? ",\"members\":["u8 : ",\"groups\":["u8);
            output.Write(linked);
            output.Write("]"u8);
        }

        output.Write("}"u8);
    }
}
