using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections;
using Directory.Projections.Adoption;
using Directory.Projections.Audit;
using Directory.Projections.Groups;
using Directory.Projections.Integrity;
using Directory.Projections.Provisioning;
using Directory.Projections.Schema;
using Directory.Projections.Streams;
using Directory.Projections.Users;
using Directory.Tests.Hosting;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Directory.Tests.Integrity;

/// <summary>An event store with its projections and its seal on a database of its own, without HTTP and without anything in the background.</summary>
public sealed class SealedDirectory : IAsyncDisposable
{
    private const string Tenant = "default";

    // In the order in which they can be filled again.
    private static readonly string[] History =
    [
        "mt_streams", "mt_events", "audit_entry", "scim_user", "deleted_user", "scim_group", "deleted_group", "group_member",
        "seal_key", "seal_block", "seal_leaf", "event_salt", "seal_checkpoint", "erased_event",
    ];

    private readonly string _folder;
    private readonly DirectoryClock _clock;

    private SealedDirectory(string connectionString, string folder, NpgsqlDataSource database, DirectoryClock clock)
    {
        (ConnectionString, _folder, Database, _clock) = (connectionString, folder, database, clock);
        Store = DocumentStore.For(options =>
        {
            options.Connection(database);
            DirectoryStore.Configure(options, ResourceTypes.User, ResourceTypes.Group, clock);
        });
        var writer = new DirectoryWriter(Store, database, new TokenStore(database, TimeProvider.System), NullLogger<DirectoryWriter>.Instance);
        Users = new UserStream(writer, ResourceTypes.User, CustodyRules.Default);
        Groups = new GroupStream(writer, ResourceTypes.Group, CustodyRules.Default);
        Erasures = new ErasureStream(writer, Store, ResourceTypes.User, ResourceTypes.Group);
        KeyFile = Path.Combine(folder, "signing-key.pem");
        Key = SigningKey.LoadOrCreate(KeyFile);
        Sealer = NewSealer();
        Checkpoints = new CheckpointFile(Path.Combine(folder, "checkpoints.jsonl"));
    }

    public string ConnectionString { get; }
    public string KeyFile { get; }
    public NpgsqlDataSource Database { get; }
    public DocumentStore Store { get; }
    public UserStream Users { get; }
    public GroupStream Groups { get; }
    public ErasureStream Erasures { get; }
    public SigningKey Key { get; }
    public Sealer Sealer { get; }
    public CheckpointFile Checkpoints { get; }

    public static async Task<SealedDirectory> Create(TestDatabase databases, CancellationToken cancellation)
    {
        var connectionString = await databases.CreateDatabaseAsync(cancellation);
        var database = NpgsqlDataSource.Create(connectionString);
        var directory = new SealedDirectory(
            connectionString, TemporaryFolder.NewName(), database, await DirectoryClock.Start(database, cancellation));
        await DatabaseSchema.Apply(directory.Store, database, cancellation);
        return directory;
    }

    public static Origin Origin(string request) => new(
        Tenant, new Actor(Actor.Scim, "c1", "Okta"), request, Method: "POST", Path: "/Users", BodyHash: "00ff", SourceAddress: "192.0.2.1");

    /// <summary>As another node would have one, which knows nothing of what this one saw.</summary>
    public Sealer NewSealer() => new(Database, new StableSequence(Database), _clock, Key);

    public async Task<Guid> CreateUser(string userName, string displayName, CancellationToken cancellation)
    {
        var attributes = new JsonObject
        {
            ["userName"] = userName,
            ["displayName"] = displayName,
            ["name"] = new JsonObject { ["formatted"] = displayName },
            ["emails"] = new JsonArray(new JsonObject { ["value"] = userName, ["type"] = "work", ["primary"] = true }),
        };
        return (await Users.Create(Origin("create"), Guid.CreateVersion7(), new CreateUser(attributes, SentRequest.None), cancellation)).Id;
    }

    /// <summary>An append that fails after it has drawn its number.</summary>
    public async Task FailToCreateUser(string takenName, CancellationToken cancellation)
    {
        try
        {
            await CreateUser(takenName, "Nobody", cancellation);
        }
        catch (ScimException e) when (e.Error.Status == 409)
        {
            return;
        }

        throw new InvalidOperationException($"{takenName} was not taken.");
    }

    public Task PatchUser(Guid user, string path, JsonNode value, CancellationToken cancellation)
    {
        var operations = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value });
        var body = new JsonObject { ["schemas"] = new JsonArray(ScimUrns.PatchOp), ["Operations"] = operations };
        var command = new PatchUser(PatchRequest.Parse(body), SentBody.OfPatch(ResourceTypes.User, body));
        return Users.Change(Origin("patch"), user, Precondition.None, command, cancellation);
    }

    public Task DeleteUser(Guid user, CancellationToken cancellation) =>
        Users.Change(Origin("delete"), user, Precondition.None, new DeleteUser(SentRequest.None), cancellation);

    public async Task<long> LastSequence(CancellationToken cancellation) =>
        await Scalar<long>("select coalesce(max(seq_id), 0) from mt_events", cancellation);

    /// <summary>Seals all there is, and carries the checkpoint out.</summary>
    public async Task Seal(CancellationToken cancellation)
    {
        while (await Sealer.Seal(1, cancellation) is not null) { }
        await new CheckpointPublisher(Database, Checkpoints).Publish(cancellation);
    }

    public Task<VerificationReport> Verify(CancellationToken cancellation, CheckpointFile? checkpoints = null, long? from = null, long? to = null) =>
        new ChainVerifier(Store, Database, ResourceTypes.User, ResourceTypes.Group)
            .Verify(new VerificationRequest(from, to, [Key.Public], checkpoints), cancellation);

    public async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<T> Scalar<T>(string sql, CancellationToken cancellation)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<List<string>> Texts(string sql, CancellationToken cancellation)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var texts = new List<string>();
        while (await reader.ReadAsync(cancellation)) texts.Add(reader.GetString(0));
        return texts;
    }

    /// <summary>Keeps a copy of the whole history, as a backup does.</summary>
    public Task BackUp(string name, CancellationToken cancellation) => Execute(
        $"create schema {name};" + string.Concat(History.Select(t => $"create table {name}.{t} as table public.{t};")), cancellation);

    /// <summary>Puts the history back to what it was when the copy was made, and the sequence with it.</summary>
    public Task Restore(string name, CancellationToken cancellation) => Execute(
        $"truncate {string.Join(", ", History)};" + string.Concat(History.Select(t => $"insert into {t} select * from {name}.{t};"))
        + "select setval('mt_events_sequence', (select max(seq_id) from mt_events));", cancellation);

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        _clock.Dispose();
        Key.Dispose();
        await Database.DisposeAsync();
        TemporaryFolder.Delete(_folder);
    }
}
