using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Replay;

/// <summary>Parameters in the order of their numbers, each with its type.</summary>
internal static class SqlParameters
{
    public static NpgsqlCommand With(this NpgsqlCommand command, string value) => command.Add(value, NpgsqlDbType.Text);

    public static NpgsqlCommand With(this NpgsqlCommand command, Guid value) => command.Add(value, NpgsqlDbType.Uuid);

    public static NpgsqlCommand With(this NpgsqlCommand command, Guid? value) => command.Add((object?)value ?? DBNull.Value, NpgsqlDbType.Uuid);

    public static NpgsqlCommand With(this NpgsqlCommand command, byte[] value) => command.Add(value, NpgsqlDbType.Bytea);

    public static NpgsqlCommand With(this NpgsqlCommand command, Guid[] value) => command.Add(value, NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    public static NpgsqlCommand With(this NpgsqlCommand command, long value) => command.Add(value, NpgsqlDbType.Bigint);

    public static NpgsqlCommand With(this NpgsqlCommand command, DateTimeOffset value) =>
        command.Add(value.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    public static NpgsqlCommand With(this NpgsqlCommand command, DateTimeOffset[] value) =>
        command.Add(value.Select(v => v.ToUniversalTime()).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);

    private static NpgsqlCommand Add(this NpgsqlCommand command, object value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return command;
    }
}
