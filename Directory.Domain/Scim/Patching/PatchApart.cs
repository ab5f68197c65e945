using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim.Patching;

/// <summary>Operations on attributes that are not in the resource's document: read and checked, not applied.</summary>
internal static class PatchApart
{
    /// <summary>The operation for the caller to apply; none when it would change nothing whatever the attribute holds.</summary>
    public static IEnumerable<ResolvedOperation> Resolve(
        ChangeOperation op, PatchPath path, JsonNode? value, ReadReport report, ReadLimits limits)
    {
        var target = path.Target!;
        var canonical = Read(op, path, value, report, limits);
        var whole = path.Filter is null && target.SubAttribute is null;
        // A list was given and holds nothing: nothing is removed. Only a remove without any value removes all.
        if (op == ChangeOperation.Remove && whole && value is not null && canonical is null) yield break;
        if (op == ChangeOperation.Add && target.SubAttribute is null && canonical is null) yield break;
        if (canonical is null && whole && target.Attribute.Required)
            throw new ScimException(ScimError.RequiredRemoved(target.ToString()));
        yield return new ResolvedOperation(
            canonical is null ? ChangeOperation.Remove : op, target.Attribute, path.Filter, target.SubAttribute, canonical);
    }

    private static JsonNode? Read(ChangeOperation op, PatchPath path, JsonNode? value, ReadReport report, ReadLimits limits)
    {
        var target = path.Target!;
        if (op == ChangeOperation.Remove && (path.Filter is not null || target.SubAttribute is not null)) return null;
        return path.Filter is null || target.SubAttribute is not null
            ? ResourceReader.ReadValue(target, value, report, limits)
            : ResourceReader.ReadElement(target, value, report, limits);
    }
}
