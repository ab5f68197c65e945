using System.Data.Common;
using Npgsql;

namespace Directory.Api.Hosting;

/// <summary>What the service adds to a connection string, and what it says of one in the log.</summary>
public static class DatabaseConnection
{
    /// <summary>The <c>application_name</c> of every connection that names no other.</summary>
    public const string ApplicationName = "directory";

    // Prepared statements, and no DISCARD ALL each time a connection goes back to the pool, more than double the rate of
    // writes. Neither works behind a pooler that hands out one server connection per transaction (pgbouncer's
    // pool_mode=transaction): there, "Max Auto Prepare=0;No Reset On Close=false" in the connection string turns both off.
    private static readonly (string Key, string Value)[] Defaults =
    [
        ("Max Auto Prepare", "100"),
        ("No Reset On Close", "true"),
        ("Application Name", ApplicationName),
    ];

    /// <summary>The connection string with the service's defaults where it does not set the keyword itself.</summary>
    /// <exception cref="DatabaseUnavailableException">The text is not a connection string of Npgsql.</exception>
    public static string WithDefaults(string connectionString)
    {
        try
        {
            // The base class keeps the keywords as written, so that a keyword set to the driver's own default counts as set.
            var written = new DbConnectionStringBuilder { ConnectionString = connectionString };
            var keywords = written.Keys.Cast<string>().Select(Normalize).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var complete = new NpgsqlConnectionStringBuilder(connectionString);
            foreach (var (key, value) in Defaults.Where(setting => !keywords.Contains(Normalize(setting.Key))))
                complete[key] = value;
            return complete.ConnectionString;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            // The driver's message may repeat a part of the text, and the text holds a password: it is left out.
            throw new DatabaseUnavailableException(
                "The connection string in ConnectionStrings__Directory cannot be read. Write it in Npgsql's form: "
                + "Host=...;Port=5432;Database=...;Username=...;Password=...");
        }
    }

    /// <summary>Host, port, database and user, without the password.</summary>
    public static string Describe(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"PostgreSQL at {parts.Host}:{parts.Port}, database {parts.Database ?? parts.Username}, user {parts.Username}";
    }

    private static string Normalize(string keyword) => keyword.Replace(" ", "", StringComparison.Ordinal);
}
