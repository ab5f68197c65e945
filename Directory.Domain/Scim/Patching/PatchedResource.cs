using System.Text.Json.Nodes;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>A resource while the operations of one PATCH are applied to it. The attributes handed in are changed in place.</summary>
internal sealed class PatchedResource(ResourceType type, JsonObject attributes, IReadOnlySet<string> apart)
{
    private static readonly ReadLimits Unbounded = new(Elements: int.MaxValue);

    private readonly ReadReport _report = new();
    private readonly List<ResolvedOperation> _apart = [];
    private readonly HashSet<AttributeReference> _touched = [];

    public void Apply(PatchOperation operation)
    {
        if (operation.Path is null)
            ApplyWithoutPath(operation);
        else if (PatchPath.Parse(operation.Path, type) is var path && path.Schema is { } schema)
            ApplyToSchema(operation, schema);
        else
            Apply(operation.Op, path, operation.Value);
    }

    /// <summary>What came of it, once no operation is left.</summary>
    /// <exception cref="ScimException">invalidValue: something that was given lacks a required part.</exception>
    public PatchResult Complete()
    {
        PatchRules.RequireParts(type, attributes, _touched);
        return new PatchResult(attributes, _apart, _report.SecretsSupplied, [.. _report.ReadOnly, .. _report.Ignored]);
    }

    private void ApplyWithoutPath(PatchOperation operation)
    {
        // RFC 7644 §3.5.2.2: "If "path" is unspecified, the operation fails with HTTP status code 400 and a "scimType" of "noTarget"."
        if (operation.Op == ChangeOperation.Remove) throw new ScimException(ScimError.RemoveWithoutPath);
        if (operation.Value is not JsonObject value)
            throw new ScimException(ScimError.InvalidValue("The value of an operation without a path must be an object with attributes."));

        JsonObject names = [];
        List<(PatchPath Path, JsonNode? Value)> selections = [];
        foreach (var (key, given) in JsonInput.Members(value))
            if (PatchPath.ParseSelection(key, type) is { } path)
                selections.Add((path, given));
            else if (given is null && type.FindExtension(key) is { } extension)
                RemoveExtension(extension);
            else
                names.Add(key, given?.DeepClone());
        Assign(operation.Op, names);
        foreach (var (path, selected) in selections) Apply(operation.Op, path, selected);
    }

    private void ApplyToSchema(PatchOperation operation, ResourceSchema schema)
    {
        var remove = operation.Op == ChangeOperation.Remove;
        if (remove && schema == type.Schema) throw new ScimException(ScimError.NoTarget(schema.Id));
        if (schema != type.Schema && (remove || operation.Value is null)) RemoveExtension(schema);
        else Assign(operation.Op, new JsonObject { [schema.Id] = operation.Value?.DeepClone() });
    }

    private void RemoveExtension(ResourceSchema extension)
    {
        if (attributes[extension.Id] is not JsonObject values) return;
        PatchRules.RequireRemovable(type, extension, values);
        attributes.Remove(extension.Id);
    }

    // Sub-attributes of one complex value are applied together, because they depend on each other.
    private void Assign(ChangeOperation op, JsonObject value)
    {
        var assignments = ResourceReader.Assignments(type, value, _report, apart.Count == 0 ? null : Unbounded);
        foreach (var group in assignments.GroupBy(a => a.Target.Attribute.MultiValued ? a.Target : a.Target with { SubAttribute = null }))
        {
            foreach (var whole in group.Where(a => a.Target.SubAttribute is null || a.Target.Attribute.MultiValued))
                Apply(op, new PatchPath(whole.Target), whole.Value);
            if (group.Key.Attribute.MultiValued) continue;
            var parts = new JsonObject(group.Where(a => a.Target.SubAttribute is not null)
                .Select(a => KeyValuePair.Create(a.Target.SubAttribute!.Name, a.Value?.DeepClone())));
            if (parts.Count > 0) Apply(op, new PatchPath(group.Key), parts);
        }
    }

    private void Apply(ChangeOperation op, PatchPath path, JsonNode? value)
    {
        var target = path.Target!;
        if (target.Attribute == CommonAttributes.Schemas)
        {
            _report.AddIgnored(target.ToString());
            return;
        }
        PatchRules.RequireWritable(target);
        if (target.Attribute.IsSecret || target.Leaf.IsSecret)
        {
            if (ResourceReader.ReadValue(target, value) is not null) _report.AddSecret(target.ToString());
            return;
        }
        if (target.Extension is null && apart.Contains(target.Attribute.Name))
            _apart.AddRange(PatchApart.Resolve(op, path, value, _report, Unbounded));
        else
            Change(op, path, value);
    }

    private void Change(ChangeOperation op, PatchPath path, JsonNode? value)
    {
        var target = path.Target!;
        var home = target.Extension is null ? attributes : attributes[target.Extension.Id] as JsonObject ?? [];
        var before = home[target.Attribute.Name];
        var after = target.Attribute.MultiValued
            ? new PatchElements(path, before, _report).After(op, value)
            : SingleValue(op, path, before as JsonObject, value);
        if (ValueEquality.Same(before, after)) return;

        PatchRules.RequireAllowed(op, target, before, after);
        _touched.Add(target with { SubAttribute = null });
        if (after is null) home.Remove(target.Attribute.Name);
        else home[target.Attribute.Name] = after;
        if (target.Extension is null) return;
        if (home.Count == 0) attributes.Remove(target.Extension.Id);
        else if (home.Parent is null) attributes[target.Extension.Id] = home;
    }

    // RFC 7644 §3.5.2.3: at a complex attribute the sub-attributes given replace or join those that are there.
    private JsonNode? SingleValue(ChangeOperation op, PatchPath path, JsonObject? current, JsonNode? value)
    {
        var target = path.Target!;
        IReadOnlyList<AttributeAssignment> selector = [];
        if (!path.Selects(current))
        {
            if (op == ChangeOperation.Remove) return current;
            if (op == ChangeOperation.Replace || current is not null || path.Selector() is not { } made) throw path.NoTarget();
            selector = made;
        }
        if (target.SubAttribute is not null)
        {
            var part = op == ChangeOperation.Remove ? null : ResourceReader.ReadValue(target, value, _report);
            return ComplexValue.With(current, [.. selector, new(target, part)]);
        }
        if (op == ChangeOperation.Remove || value is null) return null;
        return target.Attribute.IsComplex
            ? ComplexValue.With(current, [.. selector, .. ResourceReader.Parts(target, value, _report)])
            : ResourceReader.ReadValue(target, value, _report);
    }
}
