using System.Text;
using System.Text.Json.Nodes;
using Directory.Api.Imports;
using Directory.Domain.Imports;
using Directory.Domain.Scim.Schema;
using Shouldly;
using Xunit;

namespace Directory.Tests.Imports;

/// <summary>What a file means and what is wrong with it, without a database.</summary>
public sealed class ImportCheckTests
{
    private static readonly RecordReader Reader = new(ResourceTypes.User, ResourceTypes.Group);

    private int _ids;

    [Theory]
    [InlineData("userName,name.givenName", "ada,Ada", """{"userName":"ada","name":{"givenName":"Ada"}}""")]
    [InlineData("USERNAME, displayName ", "ada, Ada L. ", """{"userName":"ada","displayName":"Ada L."}""")]
    [InlineData("userName,emails", "ada,a@x.org;b@x.org", """{"userName":"ada","emails":[{"value":"a@x.org","type":"work","primary":true},{"value":"b@x.org","type":"work"}]}""")]
    [InlineData("userName,emails.work,emails.home", "ada,,b@x.org", """{"userName":"ada","emails":[{"value":"b@x.org","type":"home"}]}""")]
    [InlineData("userName,phoneNumbers.mobile", "ada,+1 555", """{"userName":"ada","phoneNumbers":[{"value":"+1 555","type":"mobile"}]}""")]
    [InlineData("userName,addresses.locality,addresses.home.locality,addresses.country", "ada,Zug,Bern,CH",
        """{"userName":"ada","addresses":[{"locality":"Zug","country":"CH","type":"work","primary":true},{"locality":"Bern","type":"home"}]}""")]
    [InlineData("userName,employeeNumber,manager", "ada,17,bob-id",
        """{"userName":"ada","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"17","manager":{"value":"bob-id"}}}""")]
    [InlineData("userName,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter", "ada,4",
        """{"userName":"ada","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"costCenter":"4"}}""")]
    [InlineData("userName,active,title", "ada,FALSE,", """{"userName":"ada","active":false}""")]
    [InlineData("userName,password,id,nonsense", "ada,secret,7,x", """{"userName":"ada"}""")]
    [InlineData("displayName,members", "Engineers,ada;bob", """{"displayName":"Engineers"}""")]
    public void a_row_of_a_csv_file_becomes_a_resource(string header, string row, string resource)
    {
        var read = Csv($"{header}\n{row}\n").Records.Single();

        read.Errors.ShouldBeEmpty();
        JsonNode.DeepEquals(read.Attributes, JsonNode.Parse(resource)).ShouldBeTrue(read.Attributes.ToJsonString());
    }

    [Fact]
    public void what_a_column_does_not_mean_is_told_and_a_secret_is_discarded()
    {
        var read = Csv("userName,departmant,password,groups\nada,x,secret, A ; B;;\n");

        read.Ignored.ShouldBe(["departmant"]);
        read.Records.Single().Withheld.ShouldBe(["password"]);
        read.Records.Single().Links.ShouldBe([new ImportLink("A"), new ImportLink("B")]);
    }

    [Theory]
    [InlineData("userName\n\n\nada\n\"b\no\nb\"\ncleo\n", "4 5 8")]
    [InlineData("userName\r\n\r\nada\r\n\"b\r\nb\"\r\ncleo", "3 4 6")]
    [InlineData("userName\nada\nbob", "2 3")]
    public void a_record_is_called_by_its_first_line(string file, string lines) =>
        string.Join(' ', Csv(file).Records.Select(r => r.Line)).ShouldBe(lines);

    [Theory]
    [InlineData("name\nx\n", "There is neither a column")]
    [InlineData("userName,userName\nx,y\n", "There are several columns")]
    [InlineData("", "The file is empty")]
    public void a_header_that_cannot_be_used_is_the_only_error(string file, string message)
    {
        var errors = Csv(file).Records.Single().Errors;
        errors.Single().Line.ShouldBe(1);
        errors.Single().Message.ShouldStartWith(message);
    }

    [Fact]
    public void all_errors_of_a_record_are_told()
    {
        var record = Reader.Read(3, new JsonObject { ["userName"] = "ada", ["active"] = 7, ["emails"] = 3, ["name"] = "x" });

        record.Errors.Select(e => e.Attribute).ShouldBe(["active", "emails", "name"]);
        record.Errors.ShouldAllBe(e => e.Line == 3);
    }

    [Fact]
    public void groups_are_made_innermost_first_and_members_are_found_by_id_of_the_file_then_by_name_then_by_id_of_the_directory()
    {
        var (known, group) = (Id(), Id());
        var facts = ImportFacts.None with
        {
            Users = new Dictionary<string, Guid> { ["cleo"] = known },
            UserIds = new HashSet<Guid> { known },
            Groups = new Dictionary<string, KnownGroup> { ["staff"] = new(group, false) },
        };
        var plan = Plan(facts,
            """{"displayName":"Outer","members":[{"value":"i"},{"value":"Bob"}]}""",
            $$"""{"id":"i","displayName":"Inner","members":[{"value":"u"},{"value":"{{known}}"},{"value":"Cleo"}]}""",
            """{"displayName":"STAFF","members":[{"value":"u"}]}""",
            """{"id":"u","userName":"ada"}""", """{"userName":"bob"}""", """{"userName":"CLEO"}""");

        plan.Errors.ShouldBeEmpty();
        (plan.Users.Count, plan.UsersThere, plan.GroupsMade, plan.GroupsThere).ShouldBe((2, 1, 2, 1));
        var (ada, bob) = (plan.Users[0].Id, plan.Users[1].Id);
        plan.Groups.Select(g => (string?)g.Attributes["displayName"] ?? "").ShouldBe(["Inner", "Outer", "STAFF"]);
        plan.Groups[0].Members.ShouldBe([ada, known]);
        plan.Groups[1].Members.ShouldBe([plan.Groups[0].Id, bob]);
        (plan.Groups[2].Exists, plan.Groups[2].Id).ShouldBe((true, group));
    }

    [Fact]
    public void a_circle_through_groups_of_the_directory_is_found()
    {
        var (a, b) = (Id(), Id());
        var facts = ImportFacts.None with
        {
            Groups = new Dictionary<string, KnownGroup> { ["a"] = new(a, false), ["b"] = new(b, false) },
            Nested = [(a, b)],
        };

        Plan(facts, """{"displayName":"B","members":[{"value":"A","type":"Group"}]}""").Errors.Single().Message.ShouldContain("contain itself");
        Plan(facts, """{"displayName":"A","members":[{"value":"B","type":"Group"}]}""").Errors.ShouldBeEmpty();
    }

    [Fact]
    public void a_chain_of_groups_without_end_in_sight_is_refused_and_does_not_exhaust_the_stack()
    {
        var chain = Enumerable.Range(0, 20_000).Select(i => $$"""{"displayName":"G{{i}}","members":[{"value":"G{{i + 1}}","type":"Group"}]}""")
            .Append("""{"displayName":"G20000"}""").ToArray();

        Plan(ImportFacts.None, chain).Errors.ShouldContain(e => e.Message.Contains("deep"));
    }

    private ImportPlan Plan(ImportFacts facts, params string[] resources) => ImportCheck.Run(
        Reader, [.. resources.Select((r, i) => Reader.Read(i + 1, (JsonObject)JsonNode.Parse(r)!))], facts, Id);

    private Guid Id() => new(++_ids, 0, 0, new byte[8]);

    private static ReadRecords Csv(string file) => CsvRecords.Read(new MemoryStream(Encoding.UTF8.GetBytes(file)), Reader);
}
