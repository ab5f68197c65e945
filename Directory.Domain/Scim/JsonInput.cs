using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Directory.Domain.Scim;

/// <summary>
/// Reads of JSON nodes that the parser has left undecided: it checks escapes only when a string or an object is looked into.
/// </summary>
internal static class JsonInput
{
    /// <summary>The string; false when it holds half of a surrogate pair.</summary>
    public static bool TryGetText(JsonValue value, [NotNullWhen(true)] out string? text)
    {
        try
        {
            return value.TryGetValue(out text);
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    /// <summary>The members of an object, whose names differ in more than case (RFC 7643 §2.1).</summary>
    /// <exception cref="ScimException">invalidSyntax: two members of one name; invalidValue: a name that cannot be stored.</exception>
    public static IReadOnlyList<KeyValuePair<string, JsonNode?>> Members(JsonObject json)
    {
        var members = Open(json);
        var names = new HashSet<string>(members.Length, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, _) in members)
        {
            if (!ScimText.IsStorable(name)) throw Unreadable();
            if (!names.Add(name))
                throw new ScimException(ScimError.InvalidSyntax(
                    $"The attribute '{name}' is given twice; upper and lower case are not distinguished."));
        }
        return members;
    }

    private static KeyValuePair<string, JsonNode?>[] Open(JsonObject json)
    {
        try
        {
            return [.. json];
        }
        catch (InvalidOperationException)
        {
            throw Unreadable();
        }
        catch (ArgumentException)
        {
            throw new ScimException(ScimError.InvalidSyntax("An attribute is given twice."));
        }
    }

    private static ScimException Unreadable() =>
        new(ScimError.InvalidValue("The name of an attribute holds U+0000 or half of a surrogate pair, which cannot be stored."));
}
