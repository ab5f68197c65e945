using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Tests.Api;
using Directory.Tests.Providers;
using Shouldly;
using Xunit;

namespace Directory.Tests;

/// <summary>
/// The examples of an RFC, each a file of <c>Exchanges</c> named by its section, in the form of <see cref="Recording"/>. The ids of the
/// examples became placeholders; what the service answers otherwise than the example is named in the note.
/// </summary>
public abstract class RfcExchangeTests(DirectoryFixture directory, string rfc)
{
    protected static IEnumerable<TheoryDataRow<string>> Sections(string rfc) => System.IO.Directory
        .GetFiles(Folder(rfc), "*.json")
        .Select(Path.GetFileNameWithoutExtension)
        .Where(name => name != "headers")
        .Order(StringComparer.Ordinal)
        .Select(name => new TheoryDataRow<string>(name!));

    protected async Task Replay(string section)
    {
        await DeleteAll();
        await new Recording(directory, Folder(rfc)).Replay(Recording.Read(Path.Combine(Folder(rfc), section + ".json")).AsArray());
        await Invariants.ShouldHold(directory);
        directory.Log.All.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    // Sections use the same names.
    private async Task DeleteAll()
    {
        foreach (var endpoint in (string[])["/Users", "/Groups"])
        {
            var deletions = (await directory.Scim("GET", endpoint)).Resources
                .Select(r => new JsonObject { ["method"] = "DELETE", ["path"] = $"{endpoint}/{r!["id"]}" }).ToArray<JsonNode>();
            if (deletions.Length == 0) continue;
            var body = new JsonObject { ["schemas"] = new JsonArray(ScimUrns.BulkRequest), ["Operations"] = new JsonArray(deletions) };
            (await directory.Scim("POST", "/Bulk", body)).Body!["Operations"]!.AsArray().ShouldAllBe(o => (string?)o!["status"] == "204");
        }
    }

    private static string Folder(string rfc) => Path.Combine(AppContext.BaseDirectory, rfc, "Exchanges");
}

/// <summary>The representations of RFC 7643 §8.</summary>
public sealed class Rfc7643Tests(DirectoryFixture directory) : RfcExchangeTests(directory, Rfc), IClassFixture<DirectoryFixture>
{
    private const string Rfc = "Rfc7643";

    public static IEnumerable<TheoryDataRow<string>> Examples => Sections(Rfc);

    [Theory, MemberData(nameof(Examples))]
    public Task a_representation_is_taken_and_given_back(string section) => Replay(section);
}

/// <summary>The requests and answers of RFC 7644 §3.</summary>
public sealed class Rfc7644Tests(DirectoryFixture directory) : RfcExchangeTests(directory, Rfc), IClassFixture<DirectoryFixture>
{
    private const string Rfc = "Rfc7644";

    public static IEnumerable<TheoryDataRow<string>> Examples => Sections(Rfc);

    [Theory, MemberData(nameof(Examples))]
    public Task an_exchange_goes_as_the_rfc_shows_it(string section) => Replay(section);
}
