using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;

namespace AuditBenchmark;

/// <summary>A user of the company as its last event left it.</summary>
public sealed class Person(int number, Guid id, DateTimeOffset created)
{
    private static readonly string[] Given = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Katherine", "Tony", "Frances", "Niklaus", "Radia", "Ken"];
    private static readonly string[] Family = ["Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Johnson", "Hoare", "Allen", "Wirth", "Perlman", "Thompson", "Müller"];

    public static readonly string[] Titles = ["Engineer", "Senior Engineer", "Manager", "Director", "Analyst", "Accountant", "Designer", "Administrator", "Counsel", "Recruiter"];
    public static readonly string[] Departments = ["Sales", "Research", "Production", "Finance", "Legal", "Support", "Marketing", "Facilities"];

    public int Number => number;
    public Guid Id => id;
    public DateTimeOffset Created => created;
    public long Version { get; set; }
    public HashSet<Team> Teams { get; } = [];
    public JsonObject Attributes { get; set; } = [];

    public string UserName => (string)Attributes["userName"]!;
    public bool Active => (bool)Attributes["active"]!;
    public Subject Subject => new(UserName, (string?)Attributes["externalId"]);
    public User State => new(id, Attributes, new ResourceMeta(created, created, Version, Version));

    /// <summary>The body of the request that creates it, as Okta writes it.</summary>
    public JsonObject Body(Random random)
    {
        var (given, family) = (Given[random.Next(Given.Length)], Family[random.Next(Family.Length)]);
        var name = string.Create(CultureInfo.InvariantCulture, $"{given}.{family}.{number}@example.com").ToLowerInvariant();
        return new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.User, ScimUrns.EnterpriseUser),
            ["userName"] = name,
            ["externalId"] = string.Create(CultureInfo.InvariantCulture, $"00u{number:x10}"),
            ["name"] = new JsonObject { ["givenName"] = given, ["familyName"] = family },
            ["displayName"] = $"{given} {family}",
            ["title"] = Titles[random.Next(Titles.Length)],
            ["locale"] = "en-US",
            ["active"] = true,
            ["emails"] = new JsonArray(new JsonObject { ["type"] = "work", ["value"] = name, ["primary"] = true }),
            ["phoneNumbers"] = new JsonArray(new JsonObject { ["type"] = "work", ["value"] = Phone(random) }),
            [ScimUrns.EnterpriseUser] = new JsonObject
            {
                ["employeeNumber"] = number.ToString(CultureInfo.InvariantCulture),
                ["department"] = Departments[random.Next(Departments.Length)],
                ["costCenter"] = random.Next(100, 999).ToString(CultureInfo.InvariantCulture),
            },
        };
    }

    /// <summary>The body of a PUT that says what is so already.</summary>
    public JsonObject Body()
    {
        var body = (JsonObject)Attributes.DeepClone();
        body["schemas"] = new JsonArray(ScimUrns.User, ScimUrns.EnterpriseUser);
        return body;
    }

    public static string Phone(Random random) => string.Create(CultureInfo.InvariantCulture, $"+49 30 {random.Next(1_000_000, 9_999_999)}");

    public static JsonObject Read(JsonObject body)
    {
        var attributes = ResourceReader.Read(ResourceTypes.User, body);
        attributes.Remove("schemas");
        return attributes;
    }
}

/// <summary>A group of the company.</summary>
public sealed class Team(Guid id, string name)
{
    public Guid Id => id;
    public string Name { get; set; } = name;
    public long Version { get; set; }
    public List<Person> Members { get; } = [];
    public Subject Subject => new(Name);
}
