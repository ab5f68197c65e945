using System.Text.Json;

namespace Directory.Domain.Integrity;

/// <summary>
/// JSON as PostgreSQL prints a <c>jsonb</c>: the shorter name first, of names of one length the lower bytes, a space behind colon and comma.
/// Strings are as in <see cref="CanonicalJson"/>.
/// </summary>
public static class StoredJson
{
    /// <summary>Adds a JSON text in UTF-8 as the database would give it back, its numbers as they are written.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static void Write(TextBuffer output, ReadOnlySpan<byte> json) => OrderedJson.Write(output, json, JsonForm.Stored);
}
