using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Directory.Domain.Integrity;

/// <summary>
/// JSON in the one form that is hashed, close to RFC 8785: UTF-8, no white space, the members of an object in the order of the code
/// points of their names, in strings only <c>"</c>, <c>\</c> and the characters below U+0020 escaped. It differs in one point:
/// numbers stay as they are written, since PostgreSQL keeps decimals that a double cannot hold. docs/verification-format.md.
/// </summary>
public static class CanonicalJson
{
    private const int DeepestNesting = 512;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = DeepestNesting };

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static byte[] Of(string json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 16);
        Write(output, json);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Adds the canonical form of a JSON text.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static void Write(IBufferWriter<byte> output, string json)
    {
        using var document = JsonDocument.Parse(json, Reading);
        Write(output, document.RootElement);
    }

    /// <summary>Adds a string with its quotes; null becomes <c>null</c>.</summary>
    public static void WriteString(IBufferWriter<byte> output, string? text)
    {
        if (text is null)
        {
            Ascii(output, "null");
            return;
        }

        Ascii(output, "\"");
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var plain = rest.IndexOfAny(Escaped);
            if (plain != 0) Encoding.UTF8.GetBytes(plain < 0 ? rest : rest[..plain], output);
            if (plain < 0) break;
            Ascii(output, Escape(rest[plain]));
            rest = rest[(plain + 1)..];
        }

        Ascii(output, "\"");
    }

    public static void Ascii(IBufferWriter<byte> output, string text) => Encoding.ASCII.GetBytes(text, output);

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => $"\\u{(int)c:x4}",
    };

    private static void Write(IBufferWriter<byte> output, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, element);
                break;
            case JsonValueKind.Array:
                var separator = "[";
                foreach (var item in element.EnumerateArray())
                {
                    Ascii(output, separator);
                    Write(output, item);
                    separator = ",";
                }

                Ascii(output, separator == "[" ? "[]" : "]");
                break;
            case JsonValueKind.String:
                WriteString(output, element.GetString());
                break;
            default:
                Ascii(output, element.GetRawText());
                break;
        }
    }

    private static void WriteObject(IBufferWriter<byte> output, JsonElement element)
    {
        var separator = "{";
        foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, CodePoints))
        {
            Ascii(output, separator);
            WriteString(output, member.Name);
            Ascii(output, ":");
            Write(output, member.Value);
            separator = ",";
        }

        Ascii(output, separator == "{" ? "{}" : "}");
    }

    /// <summary>The order of code points, which is also that of UTF-8 bytes; that of UTF-16 differs above U+FFFF.</summary>
    private static readonly Comparer<string> CodePoints = Comparer<string>.Create((a, b) =>
        Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
}
