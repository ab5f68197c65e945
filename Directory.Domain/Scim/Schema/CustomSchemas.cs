using System.Text.Json;
using Directory.Domain.Scim.Filtering;

namespace Directory.Domain.Scim.Schema;

/// <summary>An extension schema of this installation and the resource type that it extends.</summary>
public sealed record CustomSchema(ResourceSchema Schema, string ResourceType, bool Required);

/// <summary>A mistake in a schema file: where, as <c>[0].attributes[2].type</c>, and what.</summary>
public sealed record SchemaProblem(string Place, string Reason)
{
    public override string ToString() => Place.Length == 0 ? Reason : $"{Place} {Reason}";
}

/// <summary>A file of schemas, or of entitlements, that cannot be used, with everything that is wrong in it.</summary>
public sealed class SchemaFileException(IReadOnlyList<SchemaProblem> problems)
    : Exception("The file is not valid:" + string.Concat(problems.Select(p => $"{Environment.NewLine}  {p}")))
{
    public IReadOnlyList<SchemaProblem> Problems { get; } = problems;
}

/// <summary>
/// Reads extension schemas from a file: a JSON list of schemas in the form of RFC 7643 §7, each with two more members:
/// <c>resourceType</c> (<c>User</c> or <c>Group</c>) and, if the extension is required, <c>required</c>. What the RFC gives a default
/// may be left out.
/// </summary>
public static class CustomSchemas
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    /// <exception cref="SchemaFileException">The text is not such a list; every mistake found is named.</exception>
    public static IReadOnlyList<CustomSchema> Load(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            return Load(document.RootElement);
        }
        catch (JsonException problem)
        {
            throw new SchemaFileException([new SchemaProblem("", $"it is not JSON: {problem.Message}")]);
        }
    }

    private static List<CustomSchema> Load(JsonElement root)
    {
        var problems = new List<SchemaProblem>();
        var taken = CoreSchemas.All.Select(s => s.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var schemas = SchemaFields.Of(root, "", problems).Select(fields => Read(fields, taken)).ToList();
        return problems.Count == 0 ? schemas : throw new SchemaFileException(problems);
    }

    private static CustomSchema Read(SchemaFields fields, HashSet<string> taken)
    {
        // "schemas" and "meta" stand in a schema that was copied from another server.
        fields.AllowOnly("id", "name", "description", "resourceType", "required", "attributes", "schemas", "meta");
        var schema = new ResourceSchema(
            Id(fields, taken), fields.Text("name", required: true), fields.Text("description"),
            CustomAttributes.Read(fields.Objects("attributes")));
        return new CustomSchema(schema, ResourceType(fields), fields.Flag("required"));
    }

    // The URI stands before attribute names in paths and filters, so it must be made of their characters.
    private static string Id(SchemaFields fields, HashSet<string> taken)
    {
        var id = fields.Text("id", required: true);
        if (id.Length == 0) return id;
        if (!Uri.TryCreate(id, UriKind.Absolute, out _) || !id.All(AttributePathParser.IsPathCharacter))
            fields.Problem("id", $"'{id}' must be a URI such as urn:example:params:scim:schemas:extension:desk:2.0:User");
        if (!taken.Add(id)) fields.Problem("id", $"'{id}' is the id of another schema");
        return id;
    }

    private static string ResourceType(SchemaFields fields)
    {
        var type = fields.Text("resourceType", required: true);
        var names = SchemaRegistry.Default.ResourceTypes.Select(t => t.Name).ToArray();
        if (type.Length > 0 && !names.Contains(type)) fields.Problem("resourceType", $"must be one of {string.Join(", ", names)}");
        return type;
    }
}
