using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>
/// From a body as a client sends it to the canonical attributes of a resource. Canonical: names in the spelling of the schema,
/// attributes in its order (<c>schemas</c>, <c>externalId</c>, core attributes, one object per extension under its URI),
/// multi-valued attributes as arrays, nothing unassigned, nothing a client cannot set, no secret, <c>schemas</c> naming the core
/// schema and the extensions that have data.
/// </summary>
/// <remarks>
/// Accepted although the RFC does not ask for it, since identity providers send it: any case of names and of schema URIs, an empty
/// string for "unassigned", "True" for a boolean, a single value for a list, a string for a complex value that has a
/// <c>value</c>, keys such as <c>name.givenName</c> and <c>urn:…:User:employeeNumber</c>, unknown attributes and schemas.
/// </remarks>
public static class ResourceReader
{
    /// <summary>Reads the body of a POST or PUT (RFC 7644 §3.3 and §3.5.1).</summary>
    /// <exception cref="ScimException">invalidSyntax, invalidValue; a required attribute is missing.</exception>
    public static JsonObject Read(ResourceType type, JsonObject body, ReadReport? report = null, ReadLimits? limits = null)
    {
        report ??= new ReadReport();
        RequireSchemas(type, body, report);
        var resource = new JsonObject();
        foreach (var assignment in Assignments(type, body, report, limits))
            Put(resource, assignment);
        var canonical = CanonicalOrder.Take(type, resource);
        RequireComplete(type, canonical);
        return canonical;
    }

    /// <summary>
    /// Reads the value of a PATCH operation without a path (RFC 7644 §3.5.2.1 and §3.5.2.3): what it assigns, in the order sent.
    /// A complex single-valued attribute yields one assignment for each sub-attribute sent, since those not sent stay; an extension
    /// given as null yields null for each of its attributes. Keys with a value filter (<c>emails[type eq "work"].value</c>) are no
    /// attribute names: they are reported as ignored.
    /// </summary>
    /// <exception cref="ScimException">invalidSyntax, invalidValue.</exception>
    public static IReadOnlyList<AttributeAssignment> Assignments(
        ResourceType type, JsonObject value, ReadReport? report = null, ReadLimits? limits = null)
    {
        report ??= new ReadReport();
        return new AssignmentReader(type, report, new SchemaValidator(report, limits ?? ReadLimits.Default)).Read(value);
    }

    /// <summary>
    /// The canonical value of the attribute or sub-attribute, a <see cref="JsonArray"/> for a multi-valued attribute as a whole;
    /// null when the value is unassigned. Whether the target may be set is for the caller to ask.
    /// </summary>
    /// <exception cref="ScimException">invalidSyntax, invalidValue.</exception>
    public static JsonNode? ReadValue(AttributeReference target, JsonNode? value, ReadReport? report = null, ReadLimits? limits = null) =>
        Validator(report, limits).Value(target, value);

    /// <summary>The canonical form of one element of a multi-valued attribute; null when it is unassigned.</summary>
    /// <exception cref="ScimException">invalidSyntax, invalidValue.</exception>
    public static JsonNode? ReadElement(AttributeReference target, JsonNode? value, ReadReport? report = null, ReadLimits? limits = null) =>
        Validator(report, limits).Single(value, new ValuePlace(target with { SubAttribute = null }));

    /// <summary>
    /// What a value for a complex attribute, or for one element of it, assigns: the sub-attributes sent, the unassigned ones as null.
    /// </summary>
    /// <exception cref="ScimException">invalidSyntax, invalidValue.</exception>
    public static IReadOnlyList<AttributeAssignment> Parts(
        AttributeReference target, JsonNode value, ReadReport? report = null, ReadLimits? limits = null) =>
        Validator(report, limits).Parts(value, new ValuePlace(target with { SubAttribute = null }));

    /// <summary>
    /// The same canonical values in canonical order, without what is empty, and with the <c>schemas</c> that they need. <c>id</c> and
    /// <c>meta</c> stay where they are present.
    /// </summary>
    public static JsonObject Arrange(ResourceType type, JsonObject resource) =>
        CanonicalOrder.Take(type, (JsonObject)resource.DeepClone());

    /// <summary>Refuses a canonical resource without a required attribute, sub-attribute or extension (RFC 7643 §7).</summary>
    /// <exception cref="ScimException">invalidValue: names the attribute.</exception>
    public static void RequireComplete(ResourceType type, JsonObject resource) => RequiredAttributes.Check(type, resource);

    private static SchemaValidator Validator(ReadReport? report, ReadLimits? limits) =>
        new(report ?? new ReadReport(), limits ?? ReadLimits.Default);

    // RFC 7643 §3: "schemas" is required and names the schemas of the resource.
    private static void RequireSchemas(ResourceType type, JsonObject body, ReadReport report)
    {
        var sent = JsonInput.Members(body).FirstOrDefault(m => m.Key.Equals("schemas", StringComparison.OrdinalIgnoreCase)).Value
            ?? throw new ScimException(ScimError.InvalidSyntax($"The attribute 'schemas' is missing; it must name '{type.Schema.Id}'."));
        var found = false;
        foreach (var element in sent is JsonArray array ? array : (IEnumerable<JsonNode?>)[sent])
        {
            if (element is not JsonValue value || value.GetValueKind() != JsonValueKind.String || !JsonInput.TryGetText(value, out var uri))
                throw new ScimException(ScimError.InvalidValue("The attribute 'schemas' must be a list of URIs."));
            var schema = type.FindSchema(uri);
            found |= schema == type.Schema;
            if (schema is null) report.AddIgnored(uri);
        }
        if (!found) throw new ScimException(ScimError.InvalidValue($"The attribute 'schemas' must name '{type.Schema.Id}'."));
    }

    private static void Put(JsonObject resource, AttributeAssignment assignment)
    {
        var (target, value) = assignment;
        if (value is null) return;
        // The value of every element cannot be set where there is no element yet.
        if (target is { SubAttribute: not null, Attribute.MultiValued: true }) return;
        var container = target.Extension is null ? resource : Child(resource, target.Extension.Id);
        if (target.SubAttribute is null) container[target.Attribute.Name] = value;
        else Child(container, target.Attribute.Name)[target.SubAttribute.Name] = value;
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child) return child;
        parent[name] = child = [];
        return child;
    }
}
