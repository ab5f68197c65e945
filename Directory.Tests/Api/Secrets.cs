using System.Text;
using Shouldly;

namespace Directory.Tests.Api;

/// <summary>Looks for secrets where none may be: in any column of any table, and in the log.</summary>
public static class Secrets
{
    public static async Task ShouldBeNowhere(DirectoryFixture directory, params string[] secrets)
    {
        var forms = secrets.SelectMany(Forms).ToArray();
        foreach (var table in await directory.Column<string>("select tablename::text from pg_tables where schemaname = 'public'"))
            (await directory.Column<string>(
                $"select t::text from \"{table}\" t where exists (select from unnest($1) f where strpos(lower(t::text), lower(f)) > 0)", [forms]))
                .ShouldBeEmpty($"{table} holds a secret");
        directory.Log.All.ShouldNotContain(
            line => forms.Any(form => line.Contains(form, StringComparison.OrdinalIgnoreCase)), "The log holds a secret");
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return [secret, Convert.ToHexString(bytes), Convert.ToBase64String(bytes)];
    }
}
