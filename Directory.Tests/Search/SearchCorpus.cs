using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Search;
using Directory.Tests.Scim.Filtering;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Tests.Search;

/// <summary>Random users and groups of one tenant, as clients see them and as rows.</summary>
internal sealed class SearchCorpus(Random random, string tenant)
{
    private const int GroupCount = 40;
    private const int UserCount = 160;

    public List<JsonObject> Users { get; } = [];
    public List<JsonObject> Groups { get; } = [];

    /// <summary>Open memberships in the order in which they were added.</summary>
    private readonly List<(Guid Group, Guid Member, string Type)> _members = [];

    public async Task Fill(NpgsqlDataSource source, CancellationToken cancellation)
    {
        for (var i = 0; i < UserCount; i++) Users.Add(Resource(BadgeExtension.User, Id(0, i), "userName", i));
        for (var i = 0; i < GroupCount; i++) Groups.Add(Resource(ResourceTypes.Group, Id(1, i), "displayName", i));
        await using var batch = source.CreateBatch();
        foreach (var user in Users) Insert(batch, user, "scim_user", "user_name", ["active"]);
        foreach (var group in Groups) Insert(batch, group, "scim_group", "display_name", []);
        Join(batch);
        await batch.ExecuteNonQueryAsync(cancellation);
        ShowMembership();
    }

    // The first of each kind have ids that filters ask for.
    private Guid Id(int half, int i)
    {
        if (i < RandomValues.Ids.Length / 2) return RandomValues.Ids[half * RandomValues.Ids.Length / 2 + i];
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private JsonObject Resource(ResourceType type, Guid id, string name, int number)
    {
        var resource = Complex(type.Schema.Attributes.Where(a => a.Name is not ("groups" or "members" or "active")), 0.5);
        // Names are unique after folding, so only one of those that fold alike is kept as it is.
        var text = RandomValues.Texts[number % RandomValues.Texts.Length];
        var taken = RandomValues.Texts.Take(number).Any(other => CaseFolding.Equal(other, text));
        resource[name] = number < RandomValues.Texts.Length && !taken ? text : text + number;
        if (type.Name == "User") resource["active"] = random.Next(3) > 0;
        var schemas = new JsonArray(type.Schema.Id);
        foreach (var extension in type.Extensions.Select(e => e.Schema))
        {
            var values = Complex(extension.Attributes, 0.6);
            if (random.Next(4) == 0 || values.Count == 0) continue;
            resource[extension.Id] = values;
            schemas.Add(extension.Id);
        }

        resource["schemas"] = schemas;
        resource["id"] = id.ToString();
        if (random.Next(2) == 0) resource["externalId"] = RandomValues.Pick(random, RandomValues.Texts);
        resource["meta"] = new JsonObject
        {
            ["resourceType"] = type.Name,
            ["created"] = ScimDateTime.Format(RandomValues.Instant(random)),
            ["lastModified"] = ScimDateTime.Format(RandomValues.Instant(random)),
            ["version"] = $"W/\"{random.Next(1, 14)}\"",
            ["location"] = $"{RandomValues.BaseUrl}{type.Endpoint}/{id}",
        };
        return resource;
    }

    private JsonObject Complex(IEnumerable<AttributeDefinition> definitions, double share)
    {
        var complex = new JsonObject();
        foreach (var definition in definitions)
            if (!definition.IsSecret && random.NextDouble() < share)
            {
                JsonNode[] values = [.. Enumerable.Range(0, definition.MultiValued ? random.Next(1, 4) : 1).Select(_ => Element(definition)).OfType<JsonNode>()];
                if (values.Length > 0) complex[definition.Name] = definition.MultiValued ? new JsonArray(values) : values[0];
            }
        return complex;
    }

    private JsonNode? Element(AttributeDefinition definition)
    {
        if (!definition.IsComplex) return RandomValues.Stored(random, definition);
        var complex = Complex(definition.SubAttributes, 0.6);
        return complex.Count == 0 ? null : complex;
    }

    private void Insert(NpgsqlBatch batch, JsonObject resource, string table, string name, string[] truths)
    {
        var type = table == "scim_user" ? BadgeExtension.User : ResourceTypes.Group;
        var meta = resource["meta"]!;
        var nameText = (string)resource[name == "user_name" ? "userName" : "displayName"]!;
        var columns = string.Concat(truths.Select(truth => $", {truth}"));
        var values = string.Concat(truths.Select(truth => $", {resource[truth]!.ToJsonString()}"));
        var command = new NpgsqlBatchCommand($"""
            insert into {table} (tenant_id, id, version, stream_version, created, last_modified, {name}, {name}_key, external_id, search, body{columns})
            values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, ''{values})
            """);
        Add(command, tenant, NpgsqlDbType.Text);
        Add(command, Guid.Parse((string)resource["id"]!), NpgsqlDbType.Uuid);
        Add(command, long.Parse(((string)meta["version"]!)[3..^1], System.Globalization.CultureInfo.InvariantCulture), NpgsqlDbType.Bigint);
        foreach (var time in new[] { "created", "lastModified" })
            Add(command, DateTimeOffset.Parse((string)meta[time]!, System.Globalization.CultureInfo.InvariantCulture), NpgsqlDbType.TimestampTz);
        Add(command, nameText, NpgsqlDbType.Text);
        Add(command, CaseFolding.Fold(nameText), NpgsqlDbType.Text);
        Add(command, (object?)(string?)resource["externalId"] ?? DBNull.Value, NpgsqlDbType.Text);
        Add(command, SearchDocument.Of(type, resource).ToJsonString(), NpgsqlDbType.Jsonb);
        batch.BatchCommands.Add(command);
    }

    private void Join(NpgsqlBatch batch)
    {
        var added = DateTimeOffset.UnixEpoch;
        for (var i = 0; i < GroupCount; i++)
        {
            // A group contains only groups that come after it, so that there is no cycle.
            var nested = Enumerable.Range(i + 1, GroupCount - i - 1).Where(_ => random.Next(20) == 0).Select(j => ("Group", Groups[j]));
            var users = Enumerable.Range(0, UserCount).Where(_ => random.Next(60) == 0).Select(j => ("User", Users[j]));
            foreach (var (type, member) in nested.Concat(users))
            {
                var removed = random.Next(5) == 0;
                var (group, id) = (IdOf(Groups[i]), IdOf(member));
                added = added.AddSeconds(1);
                var command = new NpgsqlBatchCommand("""
                    insert into group_member (tenant_id, group_id, member_id, member_type, member_name, display, added_at, added_by, added_version, removed_at)
                    values ($1, $2, $3, $4, '', null, $5, $2, 1, $6)
                    """);
                Add(command, tenant, NpgsqlDbType.Text);
                Add(command, group, NpgsqlDbType.Uuid);
                Add(command, id, NpgsqlDbType.Uuid);
                Add(command, type, NpgsqlDbType.Text);
                Add(command, added, NpgsqlDbType.TimestampTz);
                Add(command, removed ? added : DBNull.Value, NpgsqlDbType.TimestampTz);
                batch.BatchCommands.Add(command);
                if (!removed) _members.Add((group, id, type));
            }
        }
    }

    private void ShowMembership()
    {
        var names = Users.Select(u => (Id: IdOf(u), Name: (string)(u["displayName"] ?? u["userName"])!, Type: "User"))
            .Concat(Groups.Select(g => (Id: IdOf(g), Name: (string)g["displayName"]!, Type: "Group")))
            .ToDictionary(named => (named.Id, named.Type), named => named.Name);
        foreach (var group in Groups)
            Link(group, "members", [.. _members.Where(m => m.Group == IdOf(group)).Select(m => Linked(m.Member, m.Type, names[(m.Member, m.Type)], m.Type))]);
        foreach (var user in Users)
        {
            var direct = _members.Where(m => m.Member == IdOf(user) && m.Type == "User").Select(m => m.Group).ToList();
            var all = new List<Guid>(direct);
            for (var i = 0; i < all.Count; i++)
                all.AddRange(_members.Where(m => m.Member == all[i] && m.Type == "Group" && !all.Contains(m.Group)).Select(m => m.Group).ToList());
            Link(user, "groups", [.. all.Select((g, i) => Linked(g, "Group", names[(g, "Group")], i < direct.Count ? "direct" : "indirect"))]);
        }
    }

    private static void Link(JsonObject resource, string name, JsonNode[] elements)
    {
        if (elements.Length > 0) resource[name] = new JsonArray(elements);
    }

    private static JsonObject Linked(Guid id, string kind, string display, string type) => new()
    {
        ["value"] = id.ToString(),
        ["$ref"] = $"{RandomValues.BaseUrl}/{kind}s/{id}",
        ["display"] = display,
        ["type"] = type,
    };

    public static Guid IdOf(JsonObject resource) => Guid.Parse((string)resource["id"]!);

    private static void Add(NpgsqlBatchCommand command, object value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
}
