namespace Directory.Api.Hosting;

/// <summary>
/// No database can be had. The message is written for the person who started the service: it names the cause and what to do,
/// and holds no password. It is meant to be printed without a stack trace.
/// </summary>
public sealed class DatabaseUnavailableException(string message, Exception? cause = null) : Exception(message, cause)
{
    public const string WaysOut =
        """
        Choose one:
          - set ConnectionStrings__Directory, for example "Host=localhost;Database=directory;Username=directory;Password=...";
          - install PostgreSQL's programs, and the service runs its own private server with them:
              Debian, Ubuntu    apt-get install postgresql
              Fedora, Red Hat   dnf install postgresql-server
              macOS             brew install postgresql@17
            (elsewhere: name the folder that holds initdb and postgres in Directory__PostgresBin);
          - run everything in containers: docker compose up
        """;

    /// <summary>No connection string is configured, no programs were found, and none could be downloaded.</summary>
    public static DatabaseUnavailableException NothingFound(string reason) =>
        new($"Directory needs a PostgreSQL database and found none. {reason}{Environment.NewLine}{WaysOut}");
}
