namespace Directory.Domain.Scim.Schema;

/// <summary>The characteristics of attributes in the words of RFC 7643 §7, which are case-sensitive and begin with a small letter.</summary>
internal static class SchemaWords
{
    public static string Of<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static T? Read<T>(string word) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(Of(value), word, StringComparison.Ordinal))
                return value;
        return null;
    }

    public static string List<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));
}
