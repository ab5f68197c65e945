using System.Buffers.Text;
using System.Security.Cryptography;

namespace Directory.Api.Hosting;

/// <summary>
/// The files of a private cluster:
/// <c>data/</c> is PostgreSQL's own folder, <c>password</c> the superuser's password (readable by the service only),
/// <c>postgres.log</c> the server's log, <c>lock</c> is held by the process that starts or stops the server, and
/// <c>creating/</c> is a cluster that is not finished yet.
/// </summary>
public sealed record ClusterFolder(string Root)
{
    private const long LargestLog = 10 * 1024 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMayEnter =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public string Data => Path.Combine(Root, "data");
    public string Creating => Path.Combine(Root, "creating");
    public string PasswordFile => Path.Combine(Root, "password");
    public string Log => Path.Combine(Root, "postgres.log");
    public string LockFile => Path.Combine(Root, "lock");
    public string Downloads => Path.Combine(Root, "downloads");

    /// <summary>The version that the cluster was created by, or null when there is none yet.</summary>
    public int? Major =>
        File.Exists(Path.Combine(Data, "PG_VERSION"))
        && int.TryParse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")).AsSpan().Trim(), out var major) ? major : null;

    /// <summary>
    /// Below the user's data folder; as root below <c>/var/lib</c>, because the server then runs as another user, who may not
    /// enter root's home.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The system names no data folder for this user.</exception>
    public static string Default()
    {
        if (Environment.IsPrivilegedProcess)
            return "/var/lib/directory";
        // "DoNotVerify": in a new home the folder does not exist yet, and would come back as an empty text.
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length > 0
            ? Path.Combine(local, "directory", "postgres")
            : throw new DatabaseUnavailableException(
                "This user has no home to keep a database in. Name a folder in Directory__DataFolder, or set ConnectionStrings__Directory.");
    }

    /// <summary>Creates the folder where it does not exist and checks that a server can be run in it.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be created or entered.</exception>
    public async Task Prepare(ClusterAccount account, CancellationToken cancellation)
    {
        // pg_ctl passes the paths through a shell, inside double quotes.
        if (Root.AsSpan().ContainsAny("\"$`\\\n"))
            throw new DatabaseUnavailableException($"The data folder '{Root}' has a quote, $, ` or \\ in its name; PostgreSQL cannot use it.");
        try
        {
            if (!System.IO.Directory.Exists(Root))
                Create(Root, account.Name is null ? OwnerFolder : OwnerFolder | OthersMayEnter);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnavailableException($"The data folder '{Root}' cannot be created: {e.Message}", e);
        }
        await account.RequireEntry(Root, cancellation);
    }

    /// <summary>An empty folder for a cluster to be created in; what an interrupted attempt left there is removed.</summary>
    public void EmptyCreating()
    {
        if (System.IO.Directory.Exists(Creating))
            System.IO.Directory.Delete(Creating, recursive: true);
        Create(Creating, OwnerFolder);
    }

    /// <summary>The superuser's password: 256 random bits, written once, before the cluster that knows it exists.</summary>
    /// <exception cref="DatabaseUnavailableException">The cluster exists and its password is gone.</exception>
    public string Password()
    {
        var kept = File.Exists(PasswordFile) ? File.ReadAllText(PasswordFile).Trim() : "";
        if (kept.Length > 0)
            return kept;
        if (Major is not null)
            throw new DatabaseUnavailableException($"The cluster in '{Root}' exists, but its password file '{PasswordFile}' is missing or empty.");
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        WritePrivate(PasswordFile, password);
        return password;
    }

    /// <summary>A log that the server can append to; one that has grown large becomes <c>postgres.log.1</c>.</summary>
    public void PrepareLog()
    {
        if (File.Exists(Log) && new FileInfo(Log).Length > LargestLog)
            File.Move(Log, $"{Log}.1", overwrite: true);
        if (!File.Exists(Log))
            WritePrivate(Log, "");
    }

    /// <summary>The last lines of the server's log, for an error message.</summary>
    public string LogTail(int lines = 15) =>
        File.Exists(Log) ? string.Join(Environment.NewLine, File.ReadLines(Log).TakeLast(lines)) : "";

    /// <summary>Writes a file that only its owner can read.</summary>
    public static void WritePrivate(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }

    private static void Create(string folder, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            System.IO.Directory.CreateDirectory(folder);
        else
            System.IO.Directory.CreateDirectory(folder, mode);
    }
}
