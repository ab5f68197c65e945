using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Projections.Audit;
using Directory.Projections.Integrity;
using Directory.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

/// <summary>A history of users, groups and failed appends, sealed in several blocks, and then altered in every way that comes to mind.</summary>
public sealed class TamperingTests(TestDatabase databases, ITestOutputHelper output)
{
    private const int Tamperings = 70;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_tampering_is_found_and_the_first_bad_sequence_is_named()
    {
        await using var directory = await SealedHistory();
        await directory.BackUp("original", Cancellation);
        (await directory.Verify(Cancellation, directory.Checkpoints)).ShouldSatisfyAllConditions(
            report => report.Findings.ShouldBeEmpty(),
            report => report.Status.ShouldBe(VerificationStatus.Ok),
            report => report.KeyTrusted.ShouldBeTrue(),
            report => report.Unsealed.ShouldBe(2),
            report => report.Gaps.ShouldBeGreaterThan(1),
            report => report.Checkpoints.ShouldBeGreaterThan(2));

        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < Tamperings; i++)
        {
            var tampering = Tampering.All[i % Tampering.All.Count];
            var expected = await tampering.Apply(directory, random, Cancellation);
            var report = await directory.Verify(Cancellation, directory.Checkpoints);

            report.Status.ShouldBe(VerificationStatus.Tampered, $"{tampering.Name} at {expected}, seed {seed}");
            report.FirstBadSequence.ShouldBe(expected, $"{tampering.Name}, seed {seed}: {report.ToJson()}");
            await directory.Restore("original", Cancellation);
        }

        (await directory.Verify(Cancellation, directory.Checkpoints)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_range_is_verified_without_the_rest()
    {
        await using var directory = await SealedHistory();
        var first = await directory.Scalar<long>("select first_seq from seal_block where number = 2", Cancellation);
        await directory.Execute("update mt_events set user_name = 'mallory' where seq_id = 1", Cancellation);

        (await directory.Verify(Cancellation, from: first)).Findings.ShouldBeEmpty();
        (await directory.Verify(Cancellation, to: first - 1)).FirstBadSequence.ShouldBe(1);
    }

    [Fact]
    public async Task a_chain_made_anew_with_another_key_is_not_trusted()
    {
        await using var directory = await SealedHistory();
        await directory.Execute("truncate seal_block, seal_leaf, event_salt, seal_checkpoint, seal_key", Cancellation);
        var folder = TemporaryFolder.NewName();
        using var sequence = new StableSequence(directory.Database);
        using (var forger = SigningKey.LoadOrCreate(Path.Combine(folder, "key.pem")))
            while (await new Sealer(directory.Database, sequence, TimeProvider.System, forger).Seal(1, Cancellation) is not null) { }
        TemporaryFolder.Delete(folder);

        var report = await directory.Verify(Cancellation);
        report.Findings.Select(f => f.Kind).ShouldBe([FindingKind.KeyUntrusted]);
        report.FirstBadSequence.ShouldBe(1);
        (await directory.Verify(Cancellation, directory.Checkpoints)).Findings.Select(f => f.Kind)
            .ShouldBe([FindingKind.KeyUntrusted, FindingKind.CheckpointMismatch], ignoreOrder: true);
    }

    private async Task<SealedDirectory> SealedHistory()
    {
        var directory = await SealedDirectory.Create(databases, Cancellation);
        var users = new List<Guid>();
        for (var block = 0; block < 4; block++)
        {
            for (var i = 0; i < 4; i++)
            {
                var user = await directory.CreateUser($"user{block}{i}@example.com", $"User {block} {i}", Cancellation);
                await directory.PatchUser(user, "title", $"Title {i}", Cancellation);
                users.Add(user);
            }

            await directory.FailToCreateUser("user00@example.com", Cancellation);
            await directory.Groups.Create(
                SealedDirectory.Origin("group"), Guid.CreateVersion7(),
                new CreateGroup(new() { ["displayName"] = $"Group {block}" }, [.. users.TakeLast(4).Select(u => u.ToString())], SentRequest.None), Cancellation);
            await directory.PatchUser(users[block], "active", false, Cancellation);
            if (block > 1) await directory.DeleteUser(users[block * 3], Cancellation);
            await directory.Seal(Cancellation);
        }

        await directory.PatchUser(users[0], "title", "not sealed", Cancellation);
        await directory.PatchUser(users[1], "title", "not sealed", Cancellation);
        return directory;
    }
}
