using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Rebuilding;

/// <summary>Copies rows into a table, each as its values in the order of the columns.</summary>
internal static class RowCopy
{
    public static async Task Write(
        NpgsqlConnection connection, string table, string columns, IEnumerable<(object? Value, NpgsqlDbType Type)[]> rows,
        CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} ({columns}) from stdin (format binary)", cancellation);
        copy.Timeout = TimeSpan.Zero; // none
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellation);
            foreach (var (value, type) in row)
                if (value is null) await copy.WriteNullAsync(cancellation);
                else await copy.WriteAsync(value, type, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }
}
