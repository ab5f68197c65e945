using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Shouldly;
using Xunit;

namespace Directory.Tests.Scim.Patching;

public sealed class PatchTests
{
    private const string Rows = "Scim/Patching/Rows/";

    public static TheoryData<string, string> Tables => PatchRow.NamesIn(
        Rows + "add.json", Rows + "remove.json", Rows + "replace.json", Rows + "without-path.json", Rows + "extensions.json",
        Rows + "primary.json", Rows + "characteristics.json", Rows + "paths.json", Rows + "values.json", Rows + "okta.json",
        Rows + "entra.json");

    public static TheoryData<string, string> Examples => PatchRow.NamesIn(
        "Rfc7644/3.5.2.1-add.json", "Rfc7644/3.5.2.2-remove.json", "Rfc7644/3.5.2.3-replace.json");

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_patch_has_the_outcome_of_its_row(string file, string name) => Check(PatchRow.Find(file, name));

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_examples_of_the_RFC_have_the_outcome_that_it_tells(string file, string name) => Check(PatchRow.Find(file, name));

    private static void Check(PatchRow row)
    {
        var before = row.Before ?? [];
        var unchanged = before.ToJsonString();
        if (row.Error is not null)
        {
            ErrorOf(row, before).ShouldBe(row.Error);
            before.ToJsonString().ShouldBe(unchanged);
            return;
        }
        var result = Patch.Apply(row.ResourceType, before, row.Parsed());

        before.ToJsonString().ShouldBe(unchanged);
        ShouldBeSame(result.Attributes, row.After ?? before);
        result.Ignored.ShouldBe(row.Ignored ?? []);
        result.SecretsSupplied.ShouldBe(row.Secrets ?? []);
        Canonical.ShouldHold(row.ResourceType, result.Attributes);
        if (row.Repeat is null)
            ShouldBeSame(Patch.Apply(row.ResourceType, result.Attributes, row.Parsed()).Attributes, result.Attributes);
        else
            ErrorOf(row, result.Attributes).ShouldBe(row.Repeat);
    }

    private static string? ErrorOf(PatchRow row, JsonObject attributes)
    {
        var error = Should.Throw<ScimException>(() => Patch.Apply(row.ResourceType, attributes, row.Parsed())).Error;
        error.Status.ShouldBe(400);
        return error.ScimType;
    }

    private static void ShouldBeSame(JsonObject actual, JsonObject expected) =>
        ValueEquality.Same(actual, expected).ShouldBeTrue($"got      {actual.ToJsonString()}\nexpected {expected.ToJsonString()}");
}
