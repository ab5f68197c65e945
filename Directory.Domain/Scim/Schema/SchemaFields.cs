using System.Text.Json;

namespace Directory.Domain.Scim.Schema;

/// <summary>
/// The members of one object of a schema file. What is not as it must be is noted with its place, and reading goes on, so that one
/// attempt shows every mistake.
/// </summary>
internal sealed class SchemaFields(JsonElement json, string place, List<SchemaProblem> problems)
{
    public string Place { get; } = place;

    public void Problem(string reason) => problems.Add(new SchemaProblem(Place, reason));

    public void Problem(string name, string reason) => problems.Add(new SchemaProblem($"{Place}.{name}", reason));

    public bool Has(string name) => json.TryGetProperty(name, out _);

    /// <summary>A misspelt characteristic would silently have its default.</summary>
    public void AllowOnly(params ReadOnlySpan<string> names)
    {
        foreach (var member in json.EnumerateObject())
            if (!names.Contains(member.Name))
                Problem(member.Name, $"is not known; known are {string.Join(", ", names)}");
    }

    public string Text(string name, bool required = false)
    {
        if (!json.TryGetProperty(name, out var value))
        {
            if (required) Problem($"lacks '{name}'");
            return "";
        }
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text) return text;
        if (required || value.ValueKind != JsonValueKind.String) Problem(name, "must be a string that is not empty");
        return "";
    }

    public bool Flag(string name)
    {
        if (!json.TryGetProperty(name, out var value)) return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Problem(name, "must be true or false");
        return value.ValueKind == JsonValueKind.True;
    }

    public T Word<T>(string name, T otherwise) where T : struct, Enum
    {
        if (!json.TryGetProperty(name, out var value)) return otherwise;
        if (value.ValueKind == JsonValueKind.String && SchemaWords.Read<T>(value.GetString()!) is { } word) return word;
        Problem(name, $"must be one of {SchemaWords.List<T>()}");
        return otherwise;
    }

    public IReadOnlyList<string> Texts(string name)
    {
        if (!json.TryGetProperty(name, out var value)) return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(e => e.GetString()!)];
        Problem(name, "must be a list of strings");
        return [];
    }

    public IReadOnlyList<SchemaFields> Objects(string name)
    {
        if (json.TryGetProperty(name, out var value)) return Of(value, $"{Place}.{name}", problems);
        Problem($"lacks '{name}'");
        return [];
    }

    /// <summary>The objects of a list; what is no object is noted.</summary>
    public static IReadOnlyList<SchemaFields> Of(JsonElement list, string place, List<SchemaProblem> problems)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            problems.Add(new SchemaProblem(place, "must be a list of objects that is not empty"));
            return [];
        }
        var fields = new List<SchemaFields>();
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            if (element.ValueKind == JsonValueKind.Object) fields.Add(new SchemaFields(element, $"{place}[{index}]", problems));
            else problems.Add(new SchemaProblem($"{place}[{index}]", "must be an object"));
        }
        return fields;
    }
}
