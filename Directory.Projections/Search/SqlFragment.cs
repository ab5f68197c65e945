using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Search;

/// <summary>A piece of SQL with the values it refers to as <c>$n</c>, in order, numbered on from where the query around it stopped.</summary>
public sealed record SqlFragment(string Text, IReadOnlyList<NpgsqlParameter> Parameters);

/// <summary>Takes in values and hands out their placeholders: no value and no text of a client is ever part of the SQL.</summary>
internal sealed class SqlParameters(int first)
{
    private readonly List<NpgsqlParameter> _all = [];

    public IReadOnlyList<NpgsqlParameter> All => _all;

    public string Text(string value) => Add(value, NpgsqlDbType.Text);
    public string Json(string value) => Add(value, NpgsqlDbType.Jsonb);
    public string Id(Guid value) => Add(value, NpgsqlDbType.Uuid);
    public string Number(long value) => Add(value, NpgsqlDbType.Bigint);
    public string Numbers(long[] values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
    public string Texts(string[] values) => Add(values, NpgsqlDbType.Array | NpgsqlDbType.Text);
    public string Time(DateTimeOffset value) => Add(value, NpgsqlDbType.TimestampTz);

    private string Add(object value, NpgsqlDbType type)
    {
        _all.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return $"${first + _all.Count - 1}";
    }
}
