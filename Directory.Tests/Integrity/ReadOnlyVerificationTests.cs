using Directory.Domain.Scim.Schema;
using Directory.Projections.Integrity;
using Directory.Tests.Api;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

/// <summary>
/// A history that is sound is verified by reading alone. Only what is not the same at first sight needs a table of its own, and nothing
/// may need one: entries are compared byte by byte with what the events give, whatever the events are.
/// </summary>
public sealed class ReadOnlyVerificationTests(DirectoryFixture directory, ITestOutputHelper output) : IClassFixture<DirectoryFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task whoever_may_only_read_can_verify_a_sound_history()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await new RandomRequests(directory, seed).Send(300);

        var report = await Verify();

        report.Findings.ShouldBeEmpty($"seed {seed}");
        (report.Events + report.Unsealed).ShouldBe(await directory.Scalar<long>("select count(*) from mt_events where type <> 'tombstone'"));
        (await directory.Scalar<long>("select count(distinct type) from mt_events")).ShouldBeGreaterThan(10);

        await using (var edit = directory.Database.CreateCommand("update audit_entry set sentence = sentence || '!' where seq = (select max(seq) from audit_entry)"))
            await edit.ExecuteNonQueryAsync(Cancellation);
        (await Should.ThrowAsync<PostgresException>(Verify)).SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    private async Task<VerificationReport> Verify()
    {
        var connection = new NpgsqlConnectionStringBuilder(directory.ConnectionString) { Options = "-c default_transaction_read_only=on" };
        await using var database = NpgsqlDataSource.Create(connection.ConnectionString);
        return await new ChainVerifier(directory.Store, database, ResourceTypes.User, ResourceTypes.Group)
            .Verify(new VerificationRequest(null, null, [], null), Cancellation);
    }
}
