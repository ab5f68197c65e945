using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Api.Sequences;

public sealed class SequenceTests(DirectoryFixture directory, ITestOutputHelper output) : IClassFixture<DirectoryFixture>
{
    private const int Requests = 300;

    [Fact]
    public async Task the_service_does_what_a_simple_model_does()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var (random, model) = (new Random(seed), new ModelDirectory());
        var (users, groups) = (new UserRequests(random, model), new GroupRequests(random, model));
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < Requests; i++)
        {
            var request = Next(random, model, users, groups);
            var title = $"seed {seed}, request {i + 1}: {request.Method} {request.Path} {request.Body?.ToJsonString()} {request.Condition}";
            statuses[request.Status] = statuses.GetValueOrDefault(request.Status) + 1;
            await Send(request, model, title);
            if (i % 2 == 0) await Search(random, model, users, groups, $"seed {seed}, search {i + 1}");
        }

        foreach (var id in model.Users.Keys.Concat(model.Groups.Keys)) await Compare(id, model, $"seed {seed}, at the end");
        await Invariants.ShouldHold(directory);
        statuses.Keys.ShouldBe([200, 201, 204, 400, 404, 409, 412], ignoreOrder: true, $"seed {seed}: the sequence is too tame");
    }

    private static Request Next(Random random, ModelDirectory model, UserRequests users, GroupRequests groups)
    {
        var isUser = random.Next(2) == 0;
        var ids = isUser ? model.Users.ToDictionary(u => u.Key, u => u.Value.ETag) : model.Groups.ToDictionary(g => g.Key, g => g.Value.ETag);
        if (ids.Count == 0 || random.Next(4) == 0) return isUser ? users.Create() : groups.Create();
        var (id, etag) = random.Next(25) == 0 ? KeyValuePair.Create(Guid.NewGuid().ToString(), "W/\"1\"") : ids.ElementAt(random.Next(ids.Count));
        var condition = random.Next(6) switch
        {
            0 => new Precondition(etag, true),
            1 when random.Next(2) == 0 => new Precondition("W/\"99999\"", false),
            _ => new Precondition(null, true),
        };
        return (random.Next(8), isUser) switch
        {
            ( < 2, true) => users.Replace(id, condition),
            ( < 7, true) => users.Patch(id, condition),
            (_, true) => users.Delete(id, condition),
            ( < 2, false) => groups.Replace(id, condition),
            ( < 7, false) => groups.Patch(id, condition),
            _ => groups.Delete(id, condition),
        };
    }

    private async Task Send(Request request, ModelDirectory model, string title)
    {
        var id = request.Path.Length > 10 ? request.Path[(request.Path.LastIndexOf('/') + 1)..] : null;
        var before = id is not null && Knows(model, id) ? model.Representation(id) : null;
        (string, string)[] headers = request.Condition?.IfMatch is { } tag ? [("If-Match", tag)] : [];
        var answer = await directory.Scim(request.Method, request.Path, request.Body?.DeepClone(), headers);
        answer.Status.ShouldBe(request.Status, $"{title} answered {answer}");
        if (answer.Status < 300)
        {
            var tagBefore = before is null ? null : ETag(model, id!);
            request.Apply(answer.Status == 201 ? answer.Id : null);
            id ??= answer.Id;
            if (Knows(model, id))
            {
                SetETag(model, id, answer.Header("ETag")!);
                // The version moves when the resource changes, and only then.
                if (before is not null)
                    (ETag(model, id) == tagBefore).ShouldBe(JsonNode.DeepEquals(Sorted(Own(before)), Sorted(Own(model.Representation(id)))), title);
            }
        }

        if (id is not null) await Compare(id, model, title);
    }

    private async Task Compare(string id, ModelDirectory model, string title)
    {
        var endpoint = model.Groups.ContainsKey(id) ? "/Groups" : "/Users";
        var read = await directory.Scim("GET", $"{endpoint}/{id}");
        if (!Knows(model, id))
        {
            read.Status.ShouldBe(404, title);
            return;
        }

        read.Header("ETag").ShouldBe(ETag(model, id), title);
        var actual = read.Body!.AsObject();
        actual.Remove("meta");
        Sorted(actual).ToJsonString().ShouldBe(Sorted(model.Representation(id)).ToJsonString(), title);
    }

    private async Task Search(Random random, ModelDirectory model, UserRequests users, GroupRequests groups, string title)
    {
        var (user, group) = (users.Filter(), groups.Filter());
        var (endpoint, filter, expected) = random.Next(3) > 0
            ? ("/Users", user.Filter, model.Users.Where(u => user.Matches(u.Key, u.Value)).OrderBy(u => u.Value.UserName.ToUpperInvariant(), StringComparer.Ordinal).Select(u => u.Key))
            : ("/Groups", group.Filter, model.Groups.Where(g => group.Matches(g.Key, g.Value)).OrderBy(g => g.Value.Name.ToUpperInvariant(), StringComparer.Ordinal).Select(g => g.Key));
        var sort = endpoint == "/Users" ? "userName" : "displayName";
        var found = await directory.Scim("GET", $"{endpoint}?count=200&sortBy={sort}&filter={Uri.EscapeDataString(filter)}");
        found.Status.ShouldBe(200, $"{title}: {filter} {found}");
        found.Resources.Select(r => (string)r!["id"]!).ShouldBe(expected, $"{title}: {endpoint} {filter}");
    }

    // A user's groups and the names of members belong to others, whose changes are not the resource's.
    private static JsonObject Own(JsonObject resource)
    {
        var own = (JsonObject)resource.DeepClone();
        own.Remove("groups");
        foreach (var member in own["members"]?.AsArray() ?? []) member!.AsObject().Remove("display");
        return own;
    }

    /// <summary>Members by name, elements by their text: neither has an order that means anything.</summary>
    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject json => new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Sorted(p.Value!)))),
        JsonArray array => new JsonArray([.. array.Select(e => Sorted(e!)).OrderBy(e => e.ToJsonString(), StringComparer.Ordinal)]),
        _ => node.DeepClone(),
    };

    private static bool Knows(ModelDirectory model, string id) => model.Users.ContainsKey(id) || model.Groups.ContainsKey(id);

    private static string ETag(ModelDirectory model, string id) => model.Users.TryGetValue(id, out var user) ? user.ETag : model.Groups[id].ETag;

    private static void SetETag(ModelDirectory model, string id, string etag)
    {
        if (model.Users.TryGetValue(id, out var user)) user.ETag = etag;
        else model.Groups[id].ETag = etag;
    }
}
