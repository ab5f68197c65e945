using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Users;
using Directory.Projections.Audit;
using Directory.Tests.Api;
using Marten;
using Marten.Services;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

/// <summary>A few changes that differ in everything one can search by, and what the tests do with the audit of them.</summary>
public sealed class AuditStory(Hosting.TestDatabase databases) : DirectoryFixture(databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Ada { get; private set; } = "";
    public string Grace { get; private set; } = "";
    public string Group { get; private set; } = "";

    /// <summary>Runs what runs behind the writes until it has caught up.</summary>
    public Task<AuditProgress> CatchUp() => Services.GetRequiredService<AuditWatch>().Advance(Cancellation);

    public async Task Tell()
    {
        if (Ada.Length > 0) return;
        Ada = (await Accepted("POST", "/Users", Some.User("Ada.Lovelace@example.com", ("externalId", "00u1"), ("title", "Analyst")))).Id;
        Grace = (await Accepted("POST", "/Users", Some.User("grace@example.com", ("externalId", "00u2"), ("password", "hunter2-canary")))).Id;
        await Accepted("PATCH", $"/Users/{Ada}", Some.Patch("replace", "title", "Countess"), ("X-Request-Id", "promotion-1"));
        await Accepted("PATCH", $"/Users/{Ada}", Some.Patch("replace", "title", "Countess"));
        await Accepted("PATCH", $"/Users/{Ada}", Some.Patch("replace", "name.familyName", "King"));
        await Accepted("PUT", $"/Users/{Grace}", Some.User("grace@example.com", ("externalId", "00u2"), ("emails", new JsonArray(new JsonObject { ["value"] = "g@example.com", ["type"] = "work" }))));
        Group = (await Accepted("POST", "/Groups", Some.Group("Engineers", Ada))).Id;
        await Accepted("PATCH", $"/Groups/{Group}", Some.Patch("add", "members", Some.Members(Grace)));
        await Accepted("PATCH", $"/Users/{Grace}", Some.Patch("replace", "active", false));
        await Accepted("DELETE", $"/Users/{Grace}");
    }

    public async Task<ScimAnswer> Accepted(string method, string path, JsonNode? body = null, params (string, string)[] headers)
    {
        var answer = await Scim(method, path, body, headers);
        answer.Status.ShouldBeLessThan(300, answer.Text);
        return answer;
    }

    public async Task<JsonArray> Entries(string query)
    {
        var answer = await Audit($"/entries?{query}");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Body!["entries"]!.AsArray();
    }

    public static long[] Sequences(JsonArray entries) => [.. entries.Select(e => (long)e!["sequence"]!)];

    public async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>A user is created in a transaction that stays open until the test says so.</summary>
    public async Task<OpenWrite> BeginCreate(string userName)
    {
        var connection = await Database.OpenConnectionAsync(Cancellation);
        var transaction = await connection.BeginTransactionAsync(Cancellation);
        var options = SessionOptions.ForTransaction(transaction);
        options.TenantId = "default";
        await using var session = Store.LightweightSession(options);
        session.Events.StartStream(Guid.CreateVersion7(), new UserCreated(new Subject(userName), new JsonObject { ["userName"] = userName }, null));
        await session.SaveChangesAsync(Cancellation);
        return new OpenWrite(connection, transaction);
    }
}

public sealed class OpenWrite(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public Task Commit() => transaction.CommitAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
