using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Patching;

/// <summary>What holds of every PATCH, on random resources and operations; the seed is printed.</summary>
public sealed class PatchLawTests
{
    private static readonly ResourceType[] Types = [ResourceTypes.User, ResourceTypes.Group, Machines.Type];

    [Fact]
    public void An_operation_applied_twice_changes_nothing_the_second_time() => ForEach(4000, (type, random) =>
    {
        var before = random.Values.Resource(type);
        PatchOperation[] operations = [random.Operation(type)];
        if (Applied(type, before, operations) is not { } once) return;

        try
        {
            var twice = Patch.Apply(type, once, operations).Attributes;
            ValueEquality.Same(once, twice).ShouldBeTrue(Describe(before, operations, once, twice));
        }
        catch (ScimException refused)
        {
            // RFC 7644 §3.5.2.3: what was written may no longer be what the filter selects.
            refused.Error.ScimType.ShouldBe("noTarget", Describe(before, operations, once));
            operations[0].Op.ShouldNotBe(ChangeOperation.Remove);
            operations[0].Path.ShouldNotBeNull().ShouldContain('[');
        }
    });

    [Fact]
    public void Operations_leave_a_canonical_resource_or_are_refused_all_together() => ForEach(3000, (type, random) =>
    {
        var before = random.Values.Resource(type);
        var text = before.ToJsonString();
        var operations = Enumerable.Range(0, random.Values.Random.Next(1, 6)).Select(_ => random.Operation(type)).ToArray();
        var after = Applied(type, before, operations);

        before.ToJsonString().ShouldBe(text);
        if (after is null) return;
        Canonical.ShouldHold(type, after);
        ValueEquality.Same(AttributeDiff.Apply(type, before, AttributeDiff.Between(type, before, after)), after).ShouldBeTrue(Describe(before, operations, after));
    });

    [Fact]
    public void An_operation_that_is_refused_undoes_those_before_it() => ForEach(1000, (type, random) =>
    {
        var before = random.Values.Resource(type);
        var text = before.ToJsonString();
        PatchOperation[] operations = [.. Enumerable.Range(0, 3).Select(_ => random.Operation(type)), new(ChangeOperation.Replace, "id", "1")];

        Should.Throw<ScimException>(() => Patch.Apply(type, before, operations));
        before.ToJsonString().ShouldBe(text);
    });

    [Fact]
    public void A_value_without_a_path_means_the_same_as_one_with_the_path() => ForEach(3000, (type, random) =>
    {
        var before = random.Values.Resource(type);
        var op = random.Values.Random.Next(2) == 0 ? ChangeOperation.Add : ChangeOperation.Replace;
        var target = random.Target(type);
        var value = random.Values.Random.Next(5) == 0 ? null : random.Value(target);
        PatchOperation[] withPath = [new(op, target.ToString(), value)];
        PatchOperation[] withKey = [new(op, null, new JsonObject { [target.ToString().ToUpperInvariant()] = value?.DeepClone() })];

        var (first, second) = (Applied(type, before, withPath), Applied(type, before, withKey));
        ValueEquality.Same(first, second).ShouldBeTrue($"{Describe(before, withPath, first)}\n{Describe(before, withKey, second)}");
    });

    [Fact]
    public void Whatever_is_sent_is_applied_or_refused_as_the_client_s_fault() => ForEach(6000, (type, random) =>
    {
        var before = random.Values.Resource(type);
        PatchOperation[] operations = [random.Nonsense(type), random.Nonsense(type)];
        if (Applied(type, before, operations) is { } after) Canonical.ShouldHold(type, after);
    });

    private static void ForEach(int rounds, Action<ResourceType, RandomOperations> law)
    {
        var random = new RandomOperations(new RandomAttributes(RandomAttributes.NewSeed()));
        for (var round = 0; round < rounds; round++)
            law(Types[round % Types.Length], random);
    }

    /// <summary>The attributes afterwards, or null when the patch is refused with a 400; anything else it throws is a fault.</summary>
    private static JsonObject? Applied(ResourceType type, JsonObject before, IReadOnlyList<PatchOperation> operations)
    {
        try
        {
            return Patch.Apply(type, before, operations).Attributes;
        }
        catch (ScimException refused)
        {
            refused.Error.Status.ShouldBe(400);
            refused.Error.ScimType.ShouldNotBeNull();
            return null;
        }
    }

    private static string Describe(JsonObject before, IReadOnlyList<PatchOperation> operations, params JsonObject?[] results) =>
        $"{before.ToJsonString()}\n{JsonSerializer.Serialize(operations)}\n{string.Join('\n', results.Select(r => r?.ToJsonString() ?? "refused"))}";
}
