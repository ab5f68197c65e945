using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Hosting;

public sealed class TestDatabaseTests(TestDatabase databases)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task each_caller_gets_an_empty_database_of_its_own()
    {
        await using var one = NpgsqlDataSource.Create(await databases.CreateDatabaseAsync(Cancellation));
        await using var two = NpgsqlDataSource.Create(await databases.CreateDatabaseAsync(Cancellation));

        await using var create = one.CreateCommand("create table mine(id int)");
        await create.ExecuteNonQueryAsync(Cancellation);

        await using var look = two.CreateCommand("select to_regclass('mine') is null and current_database() like 't\\_%'");
        (await look.ExecuteScalarAsync(Cancellation)).ShouldBe(true);
    }
}
