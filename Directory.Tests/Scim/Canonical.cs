using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Shouldly;

namespace Directory.Tests.Scim;

/// <summary>The canonical form, said once more: reading canonical attributes gives the same attributes.</summary>
public static class Canonical
{
    public static void ShouldHold(ResourceType type, JsonObject attributes)
    {
        JsonObject read = [];
        var report = new ReadReport();
        foreach (var (target, value) in ResourceReader.Assignments(type, attributes.DeepClone().AsObject(), report))
        {
            var home = target.Extension is null ? read : Child(read, target.Extension.Id);
            value.ShouldNotBeNull($"{target} is unassigned in {attributes.ToJsonString()}");
            if (target.SubAttribute is null) home[target.Attribute.Name] = value.DeepClone();
            else Child(home, target.Attribute.Name)[target.SubAttribute.Name] = value.DeepClone();
        }
        ValueEquality.Same(read, attributes).ShouldBeTrue($"not canonical: {attributes.ToJsonString()}\nread as {read.ToJsonString()}");
        report.Ignored.ShouldBeEmpty();
        report.ReadOnly.ShouldBeEmpty();
        report.SecretsSupplied.ShouldBeEmpty();
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child) parent[name] = child = [];
        return child;
    }
}
