using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Directory.Projections.Audit;

/// <summary>What is stored of an entry in one JSON object. It is taken apart here, which costs the database more.</summary>
/// <param name="Request">The request as JSON text, without its id.</param>
internal readonly record struct StoredDetail(string Request, string? TokenPrefix, string? SourceAddress, string? UserAgent)
{
    private const string NoMembers = "{}";

    public static StoredDetail Read(byte[] json)
    {
        var detail = new StoredDetail(NoMembers, null, null, null);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            detail = name switch
            {
                "request" => detail with { Request = Encoding.UTF8.GetString(json, start, (int)reader.BytesConsumed - start) },
                "tokenPrefix" => detail with { TokenPrefix = Text(ref reader) },
                "sourceAddress" => detail with { SourceAddress = Text(ref reader) },
                "userAgent" => detail with { UserAgent = Text(ref reader) },
                _ => detail,
            };
        }

        return detail;
    }

    private static string? Text(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    /// <summary>The request as JSON text, its id first.</summary>
    public string RequestOf(string? id)
    {
        var text = id is null ? "null" : $"\"{JsonEncodedText.Encode(id, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
        return Request == NoMembers ? $"{{\"id\": {text}}}" : $"{{\"id\": {text}, {Request[1..]}";
    }
}
