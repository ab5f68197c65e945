using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Directory.Domain.Groups;
using Directory.Domain.Provisioning;
using Directory.Domain.Users;
using Directory.Projections;
using Directory.Projections.Audit;
using Shouldly;
using Xunit;

namespace Directory.Tests;

/// <summary>The directions of the design, read from the project files and the sources.</summary>
public sealed class ArchitectureTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));

    [Fact]
    public void The_domain_references_nothing()
    {
        var references = Project("Directory.Domain").Descendants()
            .Where(e => e.Name.LocalName is "PackageReference" or "ProjectReference" or "Reference" or "FrameworkReference");

        references.ShouldBeEmpty();
    }

    [Fact]
    public void The_projections_reference_the_domain_and_nothing_else_of_the_project() =>
        ProjectReferences("Directory.Projections").ShouldBe(["Directory.Domain"]);

    [Fact]
    public void The_api_references_the_domain_and_the_projections() =>
        ProjectReferences("Directory.Api").Order().ShouldBe(["Directory.Domain", "Directory.Projections"]);

    [Fact]
    public void The_protocol_knows_no_user_and_no_group() =>
        Lines("Directory.Domain/Scim", @"Directory\.Domain\.(Users|Groups|Provisioning)\b").ShouldBeEmpty();

    [Theory]
    [InlineData("Directory.Domain")]
    [InlineData("Directory.Projections")]
    public void Neither_a_clock_nor_a_new_id_is_asked_for_where_a_rebuild_must_give_the_same(string project) =>
        Lines(project, @"UtcNow\b(?!\(\))|DateTime\.Now|Guid\.(NewGuid|CreateVersion7)").ShouldBeEmpty();

    [Fact]
    public void No_file_of_the_product_is_longer_than_a_reader_can_hold() =>
        Sources("Directory.Api").Concat(Sources("Directory.Domain")).Concat(Sources("Directory.Projections")).Concat(Sources("Directory.Api", "*.razor"))
            .Where(file => File.ReadLines(file).Count() > 300).Select(Relative).ShouldBeEmpty();

    [Fact]
    public void Every_event_type_has_a_storage_name_that_does_not_change()
    {
        var golden = File.ReadAllLines(Path.Combine(Root, "Directory.Tests", "event-names.txt")).Where(line => line.Length > 0);

        DirectoryStore.EventNames.Select(e => $"{e.Key.Name} {e.Value}").Order(StringComparer.Ordinal).ShouldBe(golden);
    }

    [Fact]
    public void Every_event_type_of_the_domain_is_registered_and_known_to_the_audit()
    {
        Type[] families = [typeof(IUserEvent), typeof(IGroupEvent), typeof(IProvisioningEvent)];
        var events = typeof(User).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && families.Any(f => f.IsAssignableFrom(t))).ToList();

        events.Count.ShouldBeGreaterThan(20);
        DirectoryStore.EventNames.Keys.ShouldBe(events, ignoreOrder: true);
        foreach (var type in events)
            AuditAction.Of(RuntimeHelpers.GetUninitializedObject(type)).Action.ShouldNotBeNullOrEmpty();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(Root, name, $"{name}.csproj"));

    private static List<string> ProjectReferences(string name) =>
        [.. Project(name).Descendants("ProjectReference").Select(e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value.Replace('\\', '/')))];

    private static IEnumerable<string> Sources(string folder, string names = "*.cs") =>
        System.IO.Directory.EnumerateFiles(Path.Combine(Root, folder), names, SearchOption.AllDirectories)
            .Where(file => !Regex.IsMatch(file, @"[\\/](obj|bin)[\\/]"));

    private static List<string> Lines(string folder, string pattern) =>
        [.. from file in Sources(folder)
            from line in File.ReadLines(file)
            where Regex.IsMatch(line, pattern)
            select $"{Relative(file)}: {line.Trim()}"];

    private static string Relative(string file) => Path.GetRelativePath(Root, file);
}
