using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Directory.Domain.Scim;

namespace Directory.Api.Audit;

/// <summary>
/// The JSON of replay: times in UTC with microseconds, what is null left out, and of a change always before and after, because a
/// null there says that there was no value.
/// </summary>
public static class ReplayJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new TimeConverter(), new ChangeConverter() },
    };

    public static IResult Result(object answer) => Results.Json(answer, Options);

    public static JsonNode? Node(object? value) => JsonSerializer.SerializeToNode(value, Options);

    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(ResourceWriter.Time(value));
    }

    private sealed class ChangeConverter : JsonConverter<AttributeChange>
    {
        public override AttributeChange? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<AttributeChange>(ref reader);

        public override void Write(Utf8JsonWriter writer, AttributeChange value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, WithNulls);

        private static readonly JsonSerializerOptions WithNulls = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    }
}
