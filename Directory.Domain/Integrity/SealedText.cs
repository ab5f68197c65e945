using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Directory.Domain.Integrity;

/// <summary>
/// What is hashed and signed: one byte that says what it is, so that one kind can never be taken for another, and a JSON array in
/// canonical form. A time is written <c>2026-11-23T14:30:00.123456Z</c>, an id in lower case with hyphens.
/// </summary>
internal static class SealedText
{
    public const byte Leaf = 0, Node = 1, Block = 2, Checkpoint = 3;

    public static byte[] Of(byte kind, params object[] values)
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.Write([kind]);
        var separator = "[";
        foreach (var value in values)
        {
            CanonicalJson.Ascii(output, separator);
            Write(output, value);
            separator = ",";
        }

        CanonicalJson.Ascii(output, "]");
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Hash(byte kind, params object[] values) => SHA256.HashData(Of(kind, values));

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static void Write(ArrayBufferWriter<byte> output, object value)
    {
        switch (value)
        {
            case long number:
                CanonicalJson.Ascii(output, number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                CanonicalJson.WriteString(output, Time(time));
                break;
            case Guid id:
                CanonicalJson.WriteString(output, id.ToString("D"));
                break;
            default:
                CanonicalJson.WriteString(output, (string)value);
                break;
        }
    }
}
