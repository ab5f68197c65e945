using System.Text.Json.Nodes;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Imports;

/// <summary>
/// Reads a SCIM resource of a file as a SCIM client's would be read, with these differences: it may come without <c>schemas</c>, every
/// attribute that is wrong is told and not only the first, and members may be called by name.
/// </summary>
public sealed class RecordReader(ResourceType users, ResourceType groups)
{
    private const string Members = "members";

    public ResourceType Users => users;

    public ResourceType Groups => groups;

    /// <summary>Reads a resource; whether it is a user or a group its <c>schemas</c> say, or else whether it has a <c>userName</c>.</summary>
    public ImportedRecord Read(int line, JsonObject resource)
    {
        var isGroup = Names(resource["schemas"], groups.Schema.Id)
            || (!Names(resource["schemas"], users.Schema.Id) && !resource.Any(p => Named(p.Key, "userName")));
        return Read(line, resource, isGroup ? groups : users, isGroup ? MembersOf(resource) : []);
    }

    /// <param name="resource">With or without <c>schemas</c>; it is not changed.</param>
    /// <param name="links">The groups of a user, the members of a group.</param>
    public ImportedRecord Read(int line, JsonObject resource, ResourceType type, IReadOnlyList<ImportLink> links)
    {
        var isGroup = type == groups;
        var body = new JsonObject { ["schemas"] = new JsonArray(type.Schema.Id) };
        foreach (var (name, value) in resource)
            if (!Named(name, "schemas") && !(isGroup && Named(name, Members))) body[name] = value?.DeepClone();

        var errors = new List<ImportError>();
        var attributes = Attributes(line, type, body, errors);
        errors.AddRange(links.Where(l => l.Reference.Length == 0)
            .Select(_ => new ImportError(line, isGroup ? Members : "groups", "A name is empty.")));
        var named = isGroup ? "displayName" : "userName";
        return new ImportedRecord(
            line, isGroup ? Member.Group : Member.User, (attributes?[named] ?? Value(resource, named))?.ToString() ?? "",
            errors.Count == 0 ? attributes! : [], Value(resource, "id") is JsonValue id ? id.ToString() : null, links,
            SentBody.OfCreation(type, body).Withheld ?? [], errors);

        static JsonNode? Value(JsonObject json, string name) => json.FirstOrDefault(p => Named(p.Key, name)).Value;
    }

    private static JsonObject? Attributes(int line, ResourceType type, JsonObject body, List<ImportError> errors)
    {
        foreach (var (name, value) in body.Where(p => !Named(p.Key, "schemas")))
            try
            {
                ResourceReader.Assignments(type, new JsonObject { [name] = value?.DeepClone() });
            }
            catch (ScimException refusal)
            {
                errors.Add(new ImportError(line, name, refusal.Error.Detail));
            }

        if (errors.Count > 0) return null;
        try
        {
            var attributes = ResourceReader.Read(type, body);
            attributes.Remove("schemas");
            return attributes;
        }
        catch (ScimException refusal)
        {
            errors.Add(new ImportError(line, FirstQuoted(refusal.Error.Detail), refusal.Error.Detail));
            return null;
        }
    }

    /// <summary>What is left to refuse is about attributes that are missing or given twice, and names them first.</summary>
    private static string? FirstQuoted(string detail) => detail.Split('\'') is [_, var name, _, ..] ? name : null;

    private static IReadOnlyList<ImportLink> MembersOf(JsonObject group) =>
        group.FirstOrDefault(p => Named(p.Key, Members)).Value is not JsonArray members ? []
        : [.. members.Select(m => m is JsonObject member
            ? new ImportLink(Text(member, "value") ?? "", Text(member, "type"))
            : new ImportLink(m?.ToString() ?? ""))];

    private static string? Text(JsonObject json, string name) => json.FirstOrDefault(p => Named(p.Key, name)).Value?.ToString();

    private static bool Names(JsonNode? schemas, string uri) =>
        schemas is JsonArray list && list.Any(s => string.Equals(s?.ToString(), uri, StringComparison.OrdinalIgnoreCase));

    private static bool Named(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
