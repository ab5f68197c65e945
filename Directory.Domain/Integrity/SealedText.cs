using System.Security.Cryptography;

namespace Directory.Domain.Integrity;

/// <summary>
/// What is hashed and signed: one byte that says what it is, so that one kind can never be taken for another, and a JSON array in
/// canonical form. A time is written <c>2026-11-23T14:30:00.123456Z</c>, an id in lower case with hyphens.
/// </summary>
internal static class SealedText
{
    public const byte Leaf = 0, Node = 1, Block = 2, Checkpoint = 3;

    private const int LongestNumber = 20, LongestTime = 27, LongestId = 36;

    public static byte[] Of(byte kind, params ReadOnlySpan<object> values) => Written(kind, values).ToArray();

    public static byte[] Hash(byte kind, params ReadOnlySpan<object> values) => SHA256.HashData(Written(kind, values));

    private static ReadOnlySpan<byte> Written(byte kind, ReadOnlySpan<object> values)
    {
        var output = TextBuffer.OfThread();
        output.Add(kind);
        var separator = (byte)'[';
        foreach (var value in values)
        {
            output.Add(separator);
            Write(output, value);
            separator = (byte)',';
        }

        output.Add((byte)']');
        return output.Written;
    }

    private static void Write(TextBuffer output, object value)
    {
        switch (value)
        {
            case long number:
                output.Add(number, default, LongestNumber);
                break;
            case DateTimeOffset time:
                output.Add((byte)'"');
                output.Add(time.UtcDateTime, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", LongestTime);
                output.Add((byte)'"');
                break;
            case Guid id:
                output.Add((byte)'"');
                output.Add(id, "D", LongestId);
                output.Add((byte)'"');
                break;
            default:
                CanonicalJson.WriteString(output, (string)value);
                break;
        }
    }
}
