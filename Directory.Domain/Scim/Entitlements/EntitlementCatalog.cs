using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Entitlements;

/// <summary>
/// The roles and entitlements of this installation, from a file of the form <c>{"roles":[{"id","displayName","description"}],
/// "entitlements":[{"id","displayName","description","type"}]}</c>. What is not in the file is not announced.
/// </summary>
public sealed class EntitlementCatalog
{
    /// <summary>Characters of a description at most, as Okta has it.</summary>
    public const int LongestDescription = 1000;

    private const int LongestName = 255;

    public static readonly EntitlementCatalog Empty = new([], []);

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    private EntitlementCatalog(IReadOnlyList<JsonObject> roles, IReadOnlyList<JsonObject> entitlements)
    {
        (Roles, Entitlements) = (roles, entitlements);
        ResourceTypes =
        [
            .. roles.Count > 0 ? (ResourceType[])[EntitlementSchemas.Role] : [],
            .. entitlements.Count > 0 ? (ResourceType[])[EntitlementSchemas.Entitlement] : [],
        ];
    }

    /// <summary>In the order of the file, in canonical form, without <c>meta</c>.</summary>
    public IReadOnlyList<JsonObject> Roles { get; }

    /// <summary>In the order of the file, in canonical form, without <c>meta</c>.</summary>
    public IReadOnlyList<JsonObject> Entitlements { get; }

    /// <summary>Those of which there is something.</summary>
    public IReadOnlyList<ResourceType> ResourceTypes { get; }

    /// <exception cref="SchemaFileException">The text is not such an object; every mistake found is named.</exception>
    public static EntitlementCatalog Load(string json)
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

    private static EntitlementCatalog Load(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new SchemaFileException([new SchemaProblem("", "it must be an object with 'roles', 'entitlements' or both")]);
        var problems = new List<SchemaProblem>();
        var file = new SchemaFields(root, "", problems);
        file.AllowOnly("roles", "entitlements");
        if (!file.Has("roles") && !file.Has("entitlements")) file.Problem("it lacks 'roles' and 'entitlements'");
        var catalog = new EntitlementCatalog(
            file.Has("roles") ? Read(EntitlementSchemas.Role, SchemaFields.Of(root.GetProperty("roles"), "roles", problems)) : [],
            file.Has("entitlements")
                ? Read(EntitlementSchemas.Entitlement, SchemaFields.Of(root.GetProperty("entitlements"), "entitlements", problems)) : []);
        return problems.Count == 0 ? catalog : throw new SchemaFileException(problems);
    }

    private static List<JsonObject> Read(ResourceType type, IReadOnlyList<SchemaFields> list)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var resources = new List<JsonObject>();
        foreach (var fields in list)
        {
            fields.AllowOnly(type == EntitlementSchemas.Role ? ["id", "displayName", "description"] : ["id", "displayName", "description", "type"]);
            var resource = new JsonObject { ["schemas"] = new JsonArray(type.Schema.Id) };
            Put(resource, fields, "id", LongestName, required: true);
            Put(resource, fields, "displayName", LongestName, required: true);
            Put(resource, fields, "description", LongestDescription, required: false);
            if (type == EntitlementSchemas.Entitlement)
                resource["type"] = fields.Has("type") ? fields.Text("type", required: true) : type.Name;
            if (!ids.Add((string?)resource["id"] ?? "")) fields.Problem("id", "is used twice");
            resources.Add(resource);
        }

        return resources;
    }

    private static void Put(JsonObject resource, SchemaFields fields, string name, int longest, bool required)
    {
        var text = fields.Text(name, required);
        if (text.Length > longest) fields.Problem(name, $"is longer than {longest} characters");
        if (text.Length > 0) resource[name] = text;
    }
}
