using Directory.Domain;
using Directory.Domain.Users;
using Directory.Projections.Integrity;
using Directory.Tests.Hosting;
using Marten.Services;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

public sealed class SealerTests(TestDatabase databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task nothing_is_sealed_beyond_an_event_that_is_not_committed_yet()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("before@example.com", "Before", Cancellation);
        await using var late = await LateAppend.Begin(directory, Cancellation);
        await directory.CreateUser("after@example.com", "After", Cancellation);
        await directory.CreateUser("later@example.com", "Later", Cancellation);

        (await directory.Sealer.Seal(1, Cancellation))!.Last.ShouldBe(1);
        (await directory.Sealer.Seal(1, Cancellation)).ShouldBeNull();
        (await directory.NewSealer().Seal(1, Cancellation)).ShouldBeNull();

        await late.Commit(Cancellation);
        (await directory.Sealer.Seal(1, Cancellation))!.ShouldSatisfyAllConditions(
            block => block.First.ShouldBe(2), block => block.Last.ShouldBe(4), block => block.Leaves.ShouldBe(3));
        (await directory.Verify(Cancellation)).Events.ShouldBe(4);
    }

    [Fact]
    public async Task a_number_that_was_rolled_back_is_sealed_as_a_gap()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await using (var late = await LateAppend.Begin(directory, Cancellation))
        {
            await directory.CreateUser("after@example.com", "After", Cancellation);
            (await directory.Sealer.Seal(1, Cancellation)).ShouldBeNull();
        }

        (await directory.Sealer.Seal(1, Cancellation))!.Last.ShouldBe(2);
        (await directory.Texts("select format('%s-%s %s', seq, through, commitment is null) from seal_leaf order by seq", Cancellation))
            .ShouldBe(["1-1 t", "2-2 f"]);
        (await directory.Verify(Cancellation)).ShouldSatisfyAllConditions(r => r.Findings.ShouldBeEmpty(), r => r.Gaps.ShouldBe(1));
    }

    [Fact]
    public async Task failed_appends_are_gaps_even_at_the_end()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        await directory.FailToCreateUser("ada@example.com", Cancellation);
        await directory.FailToCreateUser("ADA@example.com", Cancellation);

        await directory.Seal(Cancellation);

        (await directory.Texts("select format('%s-%s %s', seq, through, commitment is null) from seal_leaf order by seq", Cancellation))
            .ShouldBe(["1-1 f", "2-3 t"]);
    }

    [Fact]
    public async Task a_long_read_holds_no_gap_up()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await using var connection = await directory.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Cancellation);
        await using var read = new NpgsqlCommand("select count(*) from mt_events, mt_streams, scim_user", connection);
        await read.ExecuteScalarAsync(Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        await directory.FailToCreateUser("ada@example.com", Cancellation);

        (await directory.Sealer.Seal(1, Cancellation))!.Last.ShouldBe(2);
    }

    // Under load there is always some writer; a gap waits only for those that were writing when it came to be.
    [Fact]
    public async Task a_gap_does_not_wait_for_writers_that_came_after_it()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await using var first = await LateAppend.Begin(directory, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        (await directory.Sealer.Seal(1, Cancellation)).ShouldBeNull();
        await using var second = await LateAppend.Begin(directory, Cancellation);
        await first.DisposeAsync();

        (await directory.Sealer.Seal(1, Cancellation))!.Last.ShouldBe(2);
        (await directory.Sealer.Seal(1, Cancellation)).ShouldBeNull();
        await second.Commit(Cancellation);
        (await directory.Sealer.Seal(1, Cancellation))!.Last.ShouldBe(3);
    }

    [Fact]
    public async Task two_nodes_that_seal_at_once_make_one_chain()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        Sealer[] nodes = [directory.Sealer, directory.NewSealer(), directory.NewSealer()];
        for (var i = 0; i < 10; i++)
        {
            var user = directory.CreateUser($"user{i}@example.com", "User", Cancellation);
            await Task.WhenAll([user, .. nodes.Select(n => n.Seal(1, Cancellation))]);
        }

        await directory.Seal(Cancellation);
        (await directory.Verify(Cancellation)).ShouldSatisfyAllConditions(
            r => r.Findings.ShouldBeEmpty(), r => r.Events.ShouldBe(10), r => r.Unsealed.ShouldBe(0));
    }

    [Fact]
    public async Task nothing_is_sealed_while_fewer_are_unsealed_than_asked_for()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);

        (await directory.Sealer.Seal(2, Cancellation)).ShouldBeNull();
        (await directory.Sealer.Seal(1, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public void the_private_key_can_be_read_by_its_owner_only_and_stays_the_same()
    {
        var folder = TemporaryFolder.NewName();
        var path = Path.Combine(folder, "key.pem");
        using var made = SigningKey.LoadOrCreate(path);
        using var read = SigningKey.LoadOrCreate(path);
        using var exported = new VerificationKey(File.ReadAllText(path + ".pub"));

        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        read.Public.Id.ShouldBe(made.Public.Id);
        exported.Id.ShouldBe(made.Public.Id);
        exported.Verifies([1, 2, 3], made.Sign([1, 2, 3])).ShouldBeTrue();
        exported.Verifies([1, 2, 4], made.Sign([1, 2, 3])).ShouldBeFalse();
        File.ReadAllText(path + ".pub").ShouldNotContain("PRIVATE");
        TemporaryFolder.Delete(folder);
    }

    /// <summary>An append whose transaction has everything but its end.</summary>
    private sealed class LateAppend(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public static async Task<LateAppend> Begin(SealedDirectory directory, CancellationToken cancellation)
        {
            var connection = await directory.Database.OpenConnectionAsync(cancellation);
            var transaction = await connection.BeginTransactionAsync(cancellation);
            var options = SessionOptions.ForTransaction(transaction);
            options.TenantId = "default";
            await using var session = directory.Store.LightweightSession(options);
            SealedDirectory.Origin("late").Stamp(session);
            var id = Guid.CreateVersion7();
            session.Events.StartStream(id, new UserCreated(new Subject($"{id}"), new() { ["userName"] = $"{id}" }, SentRequest.None));
            await session.SaveChangesAsync(cancellation);
            return new LateAppend(connection, transaction);
        }

        public Task Commit(CancellationToken cancellation) => transaction.CommitAsync(cancellation);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
