using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>One operation on a multi-valued attribute. The current elements are not changed; results are new nodes.</summary>
internal sealed class PatchElements(PatchPath path, JsonNode? current, ReadReport report)
{
    private readonly AttributeReference _target = path.Target!;
    private readonly ElementList _elements = new(path.Target!, current);

    /// <summary>The elements after the operation, or null when none is left.</summary>
    /// <exception cref="ScimException">noTarget, invalidValue, mutability.</exception>
    public JsonArray? After(ChangeOperation op, JsonNode? value)
    {
        if (path.Filter is null && _target.SubAttribute is null)
            ChangeAll(op, value);
        else
            ChangeSelected(op, value);
        return _elements.ToArray();
    }

    private void ChangeAll(ChangeOperation op, JsonNode? value)
    {
        var given = ResourceReader.ReadValue(_target, value, report) as JsonArray ?? [];
        switch (op)
        {
            case ChangeOperation.Add:
                _elements.Add(given);
                break;
            case ChangeOperation.Remove when value is not null:
                // Entra: {"op":"Remove","path":"members","value":[{"$ref":null,"value":"x"}]} means these elements only.
                _elements.Remove(given);
                break;
            default:
                _elements.Set(given);
                break;
        }
    }

    private void ChangeSelected(ChangeOperation op, JsonNode? value)
    {
        var selected = _elements.Select(path.Selects);
        if (op == ChangeOperation.Remove)
            RemoveFrom(selected);
        else if (selected.Count == 0)
            Create(op, value);
        else if (_target.SubAttribute is not null)
            _elements.Merge(selected, [new(_target, ResourceReader.ReadValue(_target, value, report))]);
        else if (op == ChangeOperation.Add && _target.Attribute.IsComplex && value is not null)
            _elements.Merge(selected, ResourceReader.Parts(_target, value, report));
        else if (op == ChangeOperation.Replace)
            _elements.Replace(selected, ResourceReader.ReadElement(_target, value, report));
    }

    private void RemoveFrom(IReadOnlyList<int> selected)
    {
        if (_target.SubAttribute is null) _elements.Replace(selected, null);
        else _elements.Merge(selected, [new(_target, null)]);
    }

    // RFC 7644 §3.5.2.3 asks for noTarget when a filter selects nothing that could be replaced, and says that a replace of an
    // attribute without a value is an add. Entra adds to emails[type eq "work"].value before there is such an element.
    private void Create(ChangeOperation op, JsonNode? value)
    {
        if (op == ChangeOperation.Replace && path.Filter is not null) throw path.NoTarget();
        if (!_target.Attribute.IsComplex)
        {
            if (ResourceReader.ReadElement(_target, value, report) is { } simple) _elements.Add([simple]);
            return;
        }
        var parts = _target.SubAttribute is not null
            ? ResourceReader.ReadValue(_target, value, report) is { } sub ? [new(_target, sub)] : []
            : value is null ? [] : ResourceReader.Parts(_target, value, report);
        if (parts.Count == 0) return;
        var selector = path.Selector() ?? throw path.NoTarget();
        if (ComplexValue.With(ComplexValue.With(null, selector), parts) is { } element) _elements.Add([element]);
    }
}
