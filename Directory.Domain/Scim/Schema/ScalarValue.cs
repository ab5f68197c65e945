using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Directory.Domain.Scim.Schema;

/// <summary>The simple data types of RFC 7643 §2.3: from JSON as sent to the one canonical JSON of the value.</summary>
internal static class ScalarValue
{
    /// <summary>The canonical value; null when it is unassigned (null or an empty string).</summary>
    /// <exception cref="ScimException">invalidValue: the JSON is not of the attribute's type.</exception>
    public static JsonValue? Read(AttributeDefinition definition, JsonNode? node, ValuePlace place, ReadLimits limits)
    {
        if (node is null) return null;
        if (node is not JsonValue value) throw place.Refuse($"must be a single {Name(definition.Type)}");
        var text = value.GetValueKind() == JsonValueKind.String ? Text(value, place, limits) : null;
        if (text is { Length: 0 }) return null;
        return definition.Type switch
        {
            AttributeType.Boolean => Boolean(value, text, place),
            AttributeType.Integer => Integer(value, place),
            AttributeType.Decimal => Decimal(value, place),
            AttributeType.DateTime => JsonValue.Create(DateTime(text, place)),
            AttributeType.Binary => JsonValue.Create(Binary(text, place)),
            _ => JsonValue.Create(String(definition, text, place)),
        };
    }

    private static string Text(JsonValue value, ValuePlace place, ReadLimits limits)
    {
        if (!JsonInput.TryGetText(value, out var text) || !ScimText.IsStorable(text))
            throw place.Refuse("holds a character that cannot be stored: U+0000 or half of a surrogate pair");
        return text.Length <= limits.TextLength ? text : throw place.Refuse($"is longer than {limits.TextLength} characters");
    }

    private static string String(AttributeDefinition definition, string? text, ValuePlace place)
    {
        if (text is null) throw place.Refuse($"must be a {Name(definition.Type)}, sent as a JSON string");
        if (definition.Uniqueness != Uniqueness.None && !ScimText.IsIdentifying(text))
            throw place.Refuse("must not begin or end with white space nor hold control, bidirectional or zero-width characters");
        if (definition.IsKey && Encoding.UTF8.GetByteCount(text) > AttributeDefinition.MaximumKeyBytes)
            throw place.Refuse($"is longer than {AttributeDefinition.MaximumKeyBytes} bytes in UTF-8");
        return text;
    }

    // Entra sends "True" and "False".
    private static JsonValue Boolean(JsonValue value, string? text, ValuePlace place) => value.GetValueKind() switch
    {
        JsonValueKind.True => JsonValue.Create(true),
        JsonValueKind.False => JsonValue.Create(false),
        _ when string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) => JsonValue.Create(true),
        _ when string.Equals(text, "false", StringComparison.OrdinalIgnoreCase) => JsonValue.Create(false),
        _ => throw place.Refuse("must be true or false"),
    };

    // RFC 7643 §2.3.4: a whole number without a fractional part or an exponent; 3.0 and 3e0 are that number in other spelling.
    private static JsonValue Integer(JsonValue value, ValuePlace place) =>
        TryNumber(value, out var number) && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue
            ? JsonValue.Create((long)number)
            : throw place.Refuse("must be a whole number of at most 64 bits");

    private static JsonValue Decimal(JsonValue value, ValuePlace place) =>
        TryNumber(value, out var number)
            ? JsonValue.Create(WithoutTrailingZeros(number))
            : throw place.Refuse("must be a number of at most 28 digits before the point");

    private static bool TryNumber(JsonValue value, out decimal number)
    {
        number = 0;
        return value.GetValueKind() == JsonValueKind.Number
            && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    // Dividing by one with 28 zeros makes the runtime choose the smallest scale.
    private static decimal WithoutTrailingZeros(decimal number) => number / 1.0000000000000000000000000000m;

    // RFC 7643 §2.3.5: xsd:dateTime with date and time. Kept as sent, so that a client reads back what it wrote.
    private static string DateTime(string? text, ValuePlace place) =>
        text is not null && ScimDateTime.TryParse(text, out _)
            ? text
            : throw place.Refuse("must be a date and time such as 2008-01-23T04:56:22Z");

    // RFC 7643 §2.3.6 allows both alphabets of RFC 4648.
    private static string Binary(string? text, ValuePlace place) =>
        text is not null && (Base64.IsValid(text) || Base64Url.IsValid(text)) ? text : throw place.Refuse("must be base64-encoded");

    private static string Name(AttributeType type) => type switch
    {
        AttributeType.Boolean => "boolean",
        AttributeType.Integer => "integer",
        AttributeType.Decimal => "number",
        AttributeType.DateTime => "date and time",
        AttributeType.Binary => "base64-encoded value",
        AttributeType.Reference => "reference",
        _ => "string",
    };
}
