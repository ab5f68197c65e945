using Directory.Api.Hosting;

namespace Directory.Tests.Hosting;

/// <summary>PostgreSQL's programs on this machine.</summary>
public static class LocalPostgres
{
    /// <summary>The best installation, or null: the environment variable <c>Directory__PostgresBin</c>, then the usual places.</summary>
    public static Task<PostgresBinaries?> Find(CancellationToken cancellation)
    {
        var named = Environment.GetEnvironmentVariable("Directory__PostgresBin");
        var places = PostgresPlaces.All(Environment.GetEnvironmentVariable("PATH"));
        return PostgresBinaries.FirstUsable(string.IsNullOrEmpty(named) ? places : [named], major: null, cancellation);
    }
}
