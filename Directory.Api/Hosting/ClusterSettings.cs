using System.Globalization;

namespace Directory.Api.Hosting;

/// <summary>
/// The settings of a private cluster: <c>directory.conf</c>, which <c>postgresql.conf</c> includes and every start writes anew.
/// Whoever wants others uses <c>ALTER SYSTEM</c>, which wins over both.
/// </summary>
public static class ClusterSettings
{
    public const string FileName = "directory.conf";
    private const long Megabyte = 1024 * 1024;

    /// <param name="memory">Bytes of memory that this machine or container has.</param>
    /// <param name="walCompression">A method that the server was built with.</param>
    public static string Render(int port, bool durable, long memory, string walCompression)
    {
        var megabytes = memory / Megabyte;
        (string Name, string Value)[] settings =
        [
            ("listen_addresses", "127.0.0.1"),
            ("port", Text(port)),
            ("unix_socket_directories", ""),
            ("max_connections", "200"),
            ("shared_buffers", $"{Text(durable ? Math.Clamp(megabytes / 8, 128, 1024) : 128)}MB"),
            ("effective_cache_size", $"{Text(Math.Clamp(megabytes / 2, 256, 8192))}MB"),
            ("random_page_cost", "1.1"),
            ("jit", "off"),
            ("max_wal_size", "2GB"),
            ("wal_compression", walCompression),
            ("idle_in_transaction_session_timeout", "60s"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("log_line_prefix", "%m [%p] "),
            // Statements and details of errors hold the values of attributes, which no log of the service may hold.
            ("log_error_verbosity", "terse"),
            ("log_min_error_statement", "panic"),
            ("fsync", OnOff(durable)),
            ("synchronous_commit", OnOff(durable)),
            ("full_page_writes", OnOff(durable)),
        ];
        const string head = "# Written by Directory at every start. To change a setting use ALTER SYSTEM, which wins over this file.\n";
        return head + string.Concat(settings.Select(s => $"{s.Name} = '{s.Value}'\n"));
    }

    private static string OnOff(bool value) => value ? "on" : "off";
    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
