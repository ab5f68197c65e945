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
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static byte[] Of(string json) => Of(Encoding.UTF8.GetBytes(json));

    /// <param name="json">In UTF-8.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        var output = TextBuffer.OfThread();
        Write(output, json);
        return output.Written.ToArray();
    }

    /// <summary>Adds the canonical form of a JSON text in UTF-8.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static void Write(TextBuffer output, ReadOnlySpan<byte> json) => OrderedJson.Write(output, json, JsonForm.Canonical);

    /// <summary>Adds a string with its quotes; null becomes <c>null</c>.</summary>
    public static void WriteString(TextBuffer output, string? text)
    {
        if (text is null)
        {
            output.Add("null"u8);
            return;
        }

        output.Add((byte)'"');
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var plain = rest.IndexOfAny(Escaped);
            if (plain != 0) output.Add(plain < 0 ? rest : rest[..plain]);
            if (plain < 0) break;
            output.Add(Escape(rest[plain]));
            rest = rest[(plain + 1)..];
        }

        output.Add((byte)'"');
    }

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
}
