using System.Buffers.Binary;
using System.Text;
using Directory.Domain.Integrity;
using NpgsqlTypes;

namespace Directory.Projections.Integrity;

/// <summary>
/// A row as the database sends it in one piece (<c>record_send</c>): the number of its columns, and of each the type, the length and the
/// value. Whatever columns it has, all of them are in it.
/// </summary>
internal static class SentRow
{
    private const int Uuid = 2950, Bigint = 20, Text = 25, TimestampTz = 1184, Jsonb = 3802, Boolean = 16;
    private const byte JsonbVersion = 1;

    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Whether a row has these values, in the order of its columns, and no others.</summary>
    public static bool Has((object? Value, NpgsqlDbType Type)[] values, ReadOnlySpan<byte> row)
    {
        if (Number(ref row) != values.Length) return false;
        foreach (var (value, type) in values)
        {
            if (Number(ref row) != TypeId(type)) return false;
            var length = Number(ref row);
            if (value is null || length < 0)
            {
                if ((value is null) != (length < 0)) return false;
                continue;
            }

            if (!Has(value, type, row[..length])) return false;
            row = row[length..];
        }

        return row.IsEmpty;
    }

    private static bool Has(object value, NpgsqlDbType type, ReadOnlySpan<byte> sent) => (value, type) switch
    {
        (Guid id, NpgsqlDbType.Uuid) => id == new Guid(sent, bigEndian: true),
        (long number, NpgsqlDbType.Bigint) => number == BinaryPrimitives.ReadInt64BigEndian(sent),
        (DateTimeOffset time, NpgsqlDbType.TimestampTz) =>
            (time.UtcDateTime - Epoch).Ticks / TimeSpan.TicksPerMicrosecond == BinaryPrimitives.ReadInt64BigEndian(sent),
        (bool flag, NpgsqlDbType.Boolean) => flag == (sent[0] != 0),
        (string text, NpgsqlDbType.Text) => Ascii.Equals(sent, text) || HasText(text, sent),
        (string json, NpgsqlDbType.Jsonb) => sent[0] == JsonbVersion && HasJson(json, sent[1..]),
        _ => throw Unknown(type),
    };

    private static bool HasText(string text, ReadOnlySpan<byte> sent)
    {
        var output = TextBuffer.OfThread();
        output.Add(text);
        return output.Written.SequenceEqual(sent);
    }

    private static bool HasJson(string json, ReadOnlySpan<byte> sent)
    {
        var output = TextBuffer.OfThread();
        output.Add(json);
        if (IsSpaced(output.Written, sent)) return true;
        var text = output.Written.ToArray(); // it is not often that the order of names or an escape differs
        output = TextBuffer.OfThread();
        StoredJson.Write(output, text);
        return output.Written.SequenceEqual(sent);
    }

    /// <summary>Whether a JSON text is another without the white space between its tokens, token by token.</summary>
    private static bool IsSpaced(ReadOnlySpan<byte> json, ReadOnlySpan<byte> spaced)
    {
        while (json.Length > 0)
        {
            if (spaced.Length > 0 && spaced[0] == ' ') spaced = spaced[1..];
            var length = json[0] == '"' ? LengthOfString(json) : 1;
            if (spaced.Length < length || !spaced[..length].SequenceEqual(json[..length])) return false;
            json = json[length..];
            spaced = spaced[length..];
        }

        return spaced.IsEmpty;
    }

    private static int LengthOfString(ReadOnlySpan<byte> json)
    {
        var end = 1;
        while (json[end..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var next)
        {
            end += next;
            if (json[end] == '"') return end + 1;
            end += 2;
        }

        return json.Length;
    }

    private static int TypeId(NpgsqlDbType type) => type switch
    {
        NpgsqlDbType.Uuid => Uuid,
        NpgsqlDbType.Bigint => Bigint,
        NpgsqlDbType.Text => Text,
        NpgsqlDbType.TimestampTz => TimestampTz,
        NpgsqlDbType.Jsonb => Jsonb,
        NpgsqlDbType.Boolean => Boolean,
        _ => throw Unknown(type),
    };

    private static ArgumentOutOfRangeException Unknown(NpgsqlDbType type) => new(nameof(type), type, "No column has this type.");

    private static int Number(ref ReadOnlySpan<byte> row)
    {
        var number = BinaryPrimitives.ReadInt32BigEndian(row);
        row = row[sizeof(int)..];
        return number;
    }
}
