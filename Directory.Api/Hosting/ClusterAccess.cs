using System.Net.Sockets;
using Npgsql;

namespace Directory.Api.Hosting;

/// <summary>What an attempt to reach the cluster's server found.</summary>
public enum ClusterAnswer
{
    /// <summary>The server of this folder answers.</summary>
    Ours,

    /// <summary>A server answers that runs on other data.</summary>
    Another,

    /// <summary>Nothing listens at the port.</summary>
    Nothing,

    /// <summary>It is starting, recovering, stopping, or slow: ask again.</summary>
    NotYet,
}

/// <summary>Connects to a private cluster as its superuser.</summary>
public sealed class ClusterAccess(ClusterFolder folder, string password)
{
    /// <summary>The database of the service in the cluster.</summary>
    public const string Database = "directory";

    private const string CannotConnectNow = "57P03";
    private const string InvalidPassword = "28P01";

    public string ConnectionString(int port, string database = Database) => DatabaseConnection.WithDefaults(Settings(port, database).ConnectionString);

    /// <summary>A connection that belongs to nobody's pool.</summary>
    public NpgsqlConnection Connect(int port, string database, string applicationName) =>
        new(new NpgsqlConnectionStringBuilder(Settings(port, database).ConnectionString)
        {
            Pooling = false,
            ApplicationName = applicationName,
            Timeout = 5,
        }.ConnectionString);

    /// <summary>Asks whether the server at the port runs on this folder, by having it read a file that was just written there.</summary>
    /// <exception cref="DatabaseUnavailableException">A server answers that does not know the password.</exception>
    public async Task<ClusterAnswer> Ask(int port, CancellationToken cancellation)
    {
        const string probe = "directory.probe";
        var written = Path.Combine(folder.Data, probe);
        var nonce = Guid.NewGuid().ToString();
        try
        {
            await File.WriteAllTextAsync(written, nonce, cancellation);
            await using var connection = Connect(port, "postgres", "directory start");
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand($"select pg_read_file('{probe}', 0, 100, true)", connection);
            return nonce.Equals(await command.ExecuteScalarAsync(cancellation)) ? ClusterAnswer.Ours : ClusterAnswer.Another;
        }
        catch (PostgresException e) when (e.SqlState == InvalidPassword)
        {
            throw new DatabaseUnavailableException(
                $"The server at port {port} does not accept the password in '{folder.PasswordFile}'. If it is not the server of "
                + $"'{folder.Data}', delete the file postmaster.pid there.", e);
        }
        catch (NpgsqlException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return ClusterAnswer.Nothing;
        }
        catch (NpgsqlException e) when (e is not PostgresException || e.SqlState == CannotConnectNow || e.IsTransient)
        {
            return ClusterAnswer.NotYet;
        }
        finally
        {
            File.Delete(written);
        }
    }

    /// <summary>Creates the database of the service where it does not exist.</summary>
    public async Task CreateDatabase(int port, CancellationToken cancellation)
    {
        await using var connection = Connect(port, "postgres", "directory start");
        await connection.OpenAsync(cancellation);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = Database } },
        };
        if (await exists.ExecuteScalarAsync(cancellation) is not null)
            return;
        await using var create = new NpgsqlCommand($"create database {Database}", connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }

    // The server listens on the loopback only and has neither TLS nor Kerberos: asking for them costs a round trip each.
    private NpgsqlConnectionStringBuilder Settings(int port, string database) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Database = database,
        Username = ClusterCreation.Superuser,
        Password = password,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };
}
