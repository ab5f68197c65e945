using Directory.Api.Hosting;
using Npgsql;
using Shouldly;
using Xunit;

namespace Directory.Tests.Hosting;

public sealed class DatabaseConnectionTests
{
    [Theory]
    [InlineData("Host=h", 100, true, "directory")]
    [InlineData("Host=h;Max Auto Prepare=0;No Reset On Close=false", 0, false, "directory")]
    [InlineData("Host=h;MaxAutoPrepare=0;noresetonclose=False", 0, false, "directory")]
    [InlineData("Host=h;Application Name=mine;Max Auto Prepare=7", 7, true, "mine")]
    public void a_setting_of_the_user_is_kept_and_the_others_get_the_services_defaults(
        string written, int prepared, bool noReset, string applicationName)
    {
        var complete = new NpgsqlConnectionStringBuilder(DatabaseConnection.WithDefaults(written));

        complete.Host.ShouldBe("h");
        complete.MaxAutoPrepare.ShouldBe(prepared);
        complete.NoResetOnClose.ShouldBe(noReset);
        complete.ApplicationName.ShouldBe(applicationName);
    }

    [Theory]
    [InlineData("postgres://ann:s3cret@db.example/directory")]
    [InlineData("Host=h;Password=s3cret;Colour=red")]
    [InlineData("Host=h;Port=s3cret")]
    public void a_text_that_is_no_connection_string_is_refused_without_being_repeated(string written)
    {
        var refusal = Should.Throw<DatabaseUnavailableException>(() => DatabaseConnection.WithDefaults(written));

        refusal.ToString().ShouldNotContain("s3cret");
        refusal.Message.ShouldContain("ConnectionStrings__Directory");
    }
}
