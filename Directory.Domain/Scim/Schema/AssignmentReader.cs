using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;

namespace Directory.Domain.Scim.Schema;

/// <summary>Resolves the keys of a body, also those with dots and URIs, and reads the value of each.</summary>
internal sealed class AssignmentReader(ResourceType type, ReadReport report, SchemaValidator validator)
{
    private readonly List<AttributeAssignment> _assignments = [];
    private readonly HashSet<AttributeReference> _assigned = [];

    public IReadOnlyList<AttributeAssignment> Read(JsonObject body)
    {
        foreach (var (name, value) in JsonInput.Members(body))
        {
            if (type.FindSchema(name) is { } schema)
                ReadSchema(schema, name, value);
            else
                ReadAttribute(name, AttributePathParser.Resolve(name, type), value);
        }
        return _assignments;
    }

    private void ReadSchema(ResourceSchema schema, string name, JsonNode? value)
    {
        var extension = schema == type.Schema ? null : schema;
        if (value is null && extension is not null)
            foreach (var attribute in schema.Attributes)
                ReadAttribute(name, new AttributeReference(extension, attribute, null), null);
        if (value is null) return;
        if (value is not JsonObject json)
            throw new ScimException(ScimError.InvalidValue($"The value of '{schema.Id}' must be an object with its attributes."));
        foreach (var (key, inner) in JsonInput.Members(json))
            ReadAttribute($"{schema.Id}:{key}", AttributePathParser.Resolve($"{schema.Id}:{key}", type), inner);
    }

    private void ReadAttribute(string name, AttributeReference? target, JsonNode? value)
    {
        if (target is null)
            report.AddIgnored(name);
        else if (target.Attribute != CommonAttributes.Schemas && IsWritable(target, value))
            Assign(target, value);
    }

    private void Assign(AttributeReference target, JsonNode? value)
    {
        if (target is { SubAttribute: null, Attribute: { IsComplex: true, MultiValued: false } } && value is JsonObject or JsonArray)
            foreach (var part in validator.Parts(value, new ValuePlace(target)))
                Add(part);
        else
            Add(new AttributeAssignment(target, validator.Value(target, value)));
    }

    private bool IsWritable(AttributeReference target, JsonNode? value) =>
        validator.IsWritable(target.Attribute, target with { SubAttribute = null }, value)
        && (target.SubAttribute is null || validator.IsWritable(target.SubAttribute, target, value));

    private void Add(AttributeAssignment assignment)
    {
        if (!_assigned.Add(assignment.Target))
            throw new ScimException(ScimError.InvalidSyntax($"The attribute '{assignment.Target}' is given twice."));
        _assignments.Add(assignment);
    }
}
