using System.Text.Json.Nodes;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Directory.Tests.Replay;
using Shouldly;

namespace Directory.Tests.Imports;

/// <summary>The service with an administrator's token, and two connections of which neither may change what the other manages.</summary>
public sealed class KnownFixture(TestDatabase databases) : ReplayFixture(databases)
{
    public const string Csv = "text/csv", Json = "application/json", NdJson = "application/x-ndjson";

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    /// <summary>Any request below /api/admin.</summary>
    public Task<ScimAnswer> AsAdmin(string method, string path, JsonNode? body = null) => Send(
        method, "/api/admin" + path, body?.ToJsonString(), ("Authorization", $"Bearer {AdminToken}"), ("Content-Type", Json));

    public Task<ScimAnswer> Upload(string file, string mediaType, params (string Name, string Value)[] headers) => Send(
        "POST", "/api/admin/imports", file, [("Authorization", $"Bearer {AdminToken}"), ("Content-Type", mediaType), .. headers]);

    /// <summary>A job when it is over.</summary>
    public async Task<JsonNode> JobOver(string id)
    {
        var job = (await AsAdmin("GET", $"/jobs/{id}?wait=60")).Body!;
        ((string?)job["state"]).ShouldNotBeOneOf("waiting", "running");
        return job;
    }

    /// <summary>A job when it is as it is wanted, or over.</summary>
    public async Task<JsonNode> JobWhen(string id, Func<JsonNode, bool> wanted)
    {
        while (true)
        {
            var job = (await AsAdmin("GET", $"/jobs/{id}?wait=1")).Body!;
            if (wanted(job) || (string?)job["state"] is not ("waiting" or "running")) return job;
        }
    }

    /// <summary>Uploads a file and waits for its check.</summary>
    public async Task<JsonNode> Checked(string file, string mediaType = Csv)
    {
        var answer = await Upload(file, mediaType);
        answer.Status.ShouldBe(202, answer.Text);
        var check = await JobOver((string)answer.Body!["job"]!["id"]!);
        ((string?)check["state"]).ShouldBe("done", check.ToJsonString());
        return (await AsAdmin("GET", $"/imports/{answer.Body["import"]!["id"]}")).Body!;
    }

    /// <summary>Runs a checked import to the end of its job.</summary>
    public async Task<JsonNode> Run(JsonNode import)
    {
        var answer = await AsAdmin("POST", $"/imports/{import["id"]}/run");
        answer.Status.ShouldBe(202, answer.Text);
        return await JobOver(answer.Id);
    }

    /// <summary>Imports a file that must be without fault.</summary>
    public async Task<JsonNode> Imported(string file, string mediaType = Csv)
    {
        var import = await Checked(file, mediaType);
        ((long)import["report"]!["errorCount"]!).ShouldBe(0, import.ToJsonString());
        var job = await Run(import);
        ((string?)job["state"]).ShouldBe("done", job.ToJsonString());
        return job["result"]!;
    }

    /// <summary>Makes a local user and tells its id.</summary>
    public async Task<Guid> LocalUser(string userName, string more = "", string values = "")
    {
        await Imported($"userName{more}\n{userName}{values}\n");
        return await Scalar<Guid>("select id from scim_user where user_name = $1", userName);
    }

    /// <summary>Makes a local group and tells its id.</summary>
    public async Task<Guid> LocalGroup(string displayName, string members = "")
    {
        await Imported($"displayName,members\n{displayName},{members}\n");
        return await Scalar<Guid>("select id from scim_group where display_name = $1", displayName);
    }

    /// <summary>The actions in the timeline of a user or a group, oldest first, with who did each.</summary>
    public async Task<IReadOnlyList<string>> Timeline(string type, Guid id) =>
        [.. (await Audited($"/{type}/{id}/timeline"))["entries"]!.AsArray().Select(e => $"{e!["actor"]!["name"]} {e["action"]}")];
}
