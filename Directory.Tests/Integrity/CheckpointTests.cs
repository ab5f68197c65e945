using Directory.Projections.Integrity;
using Directory.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

public sealed class CheckpointTests(TestDatabase databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_database_put_back_to_an_older_backup_is_found_by_what_was_kept_outside()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        await directory.Seal(Cancellation);
        await directory.BackUp("older", Cancellation);
        await directory.CreateUser("bob@example.com", "Bob", Cancellation);
        await directory.Seal(Cancellation);
        (await directory.Verify(Cancellation, directory.Checkpoints)).Findings.ShouldBeEmpty();

        await directory.Restore("older", Cancellation);

        (await directory.Verify(Cancellation)).Findings.ShouldBeEmpty();
        var report = await directory.Verify(Cancellation, directory.Checkpoints);
        report.Findings.Select(f => f.Kind).ShouldBe([FindingKind.RolledBack]);
        report.FirstBadSequence.ShouldBe(2);
        var publisher = new CheckpointPublisher(directory.Database, directory.Checkpoints);
        (await publisher.Publish(Cancellation)).ShouldBeNull();
        publisher.Conflict.ShouldNotBeNull().ShouldContain("older state");
    }

    [Fact]
    public async Task a_history_that_went_on_from_an_older_backup_is_found_too()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        await directory.Seal(Cancellation);
        await directory.BackUp("older", Cancellation);
        await directory.CreateUser("bob@example.com", "Bob", Cancellation);
        await directory.Seal(Cancellation);
        await directory.Restore("older", Cancellation);
        for (var i = 0; i < 3; i++)
        {
            await directory.CreateUser($"eve{i}@example.com", "Eve", Cancellation);
            await directory.Seal(Cancellation);
        }

        var report = await directory.Verify(Cancellation, directory.Checkpoints);

        report.Findings.Select(f => f.Kind).ShouldBe([FindingKind.CheckpointMismatch]);
        report.FirstBadSequence.ShouldBe(2);
        directory.Checkpoints.Last()!.Checkpoint.Block.ShouldBe(2);
    }

    [Fact]
    public async Task a_checkpoint_that_a_crash_kept_back_is_written_at_the_next_start()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        await directory.Seal(Cancellation);
        await directory.CreateUser("bob@example.com", "Bob", Cancellation);
        var block = await directory.Sealer.Seal(1, Cancellation);
        directory.Checkpoints.Last()!.Checkpoint.Block.ShouldBe(1);
        (await directory.Verify(Cancellation, directory.Checkpoints)).Findings.ShouldBeEmpty();

        var published = await new CheckpointPublisher(directory.Database, directory.Checkpoints).Publish(Cancellation);

        published!.Hash.ShouldBe(block!.Hash());
        directory.Checkpoints.Last()!.Checkpoint.LastSequence.ShouldBe(2);
        (await directory.Verify(Cancellation, directory.Checkpoints)).ShouldSatisfyAllConditions(
            r => r.Findings.ShouldBeEmpty(), r => r.Checkpoints.ShouldBe(2));
    }

    [Fact]
    public async Task a_line_that_a_crash_cut_short_is_passed_over_and_followed_by_a_whole_one()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        await directory.Seal(Cancellation);
        await directory.CreateUser("bob@example.com", "Bob", Cancellation);
        await directory.Sealer.Seal(1, Cancellation);
        await File.AppendAllTextAsync(directory.Checkpoints.Path, "{\"block\":2,\"hash\":\"00", Cancellation);

        await new CheckpointPublisher(directory.Database, directory.Checkpoints).Publish(Cancellation);

        (await File.ReadAllLinesAsync(directory.Checkpoints.Path, Cancellation)).Length.ShouldBe(3);
        directory.Checkpoints.Last()!.Checkpoint.Block.ShouldBe(2);
        (await directory.Verify(Cancellation, directory.Checkpoints)).ShouldSatisfyAllConditions(
            r => r.Findings.ShouldBeEmpty(), r => r.Checkpoints.ShouldBe(2));
    }

    [Fact]
    public async Task a_forged_checkpoint_is_found()
    {
        await using var directory = await SealedDirectory.Create(databases, Cancellation);
        await directory.CreateUser("ada@example.com", "Ada", Cancellation);
        await directory.Seal(Cancellation);
        var genuine = directory.Checkpoints.Last()!;
        directory.Checkpoints.Append(genuine with { Checkpoint = genuine.Checkpoint with { LastSequence = 9 } });

        (await directory.Verify(Cancellation, directory.Checkpoints)).Findings.Select(f => f.Kind).ShouldBe([FindingKind.CheckpointInvalid]);
    }
}
