using System.Globalization;
using System.Text;

namespace Directory.Domain.Integrity;

/// <summary>UTF-8 that grows at its end: what is about to be hashed is written here without a string on the way.</summary>
public sealed class TextBuffer
{
    /// <summary>What is longer is not kept for the next text.</summary>
    private const int LongestKept = 1 << 20;

    [ThreadStatic]
    private static TextBuffer? s_ofThread;

    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>An empty one, for a text that is done with before another is begun on the same thread.</summary>
    public static TextBuffer OfThread()
    {
        if (s_ofThread is not { _bytes.Length: <= LongestKept }) s_ofThread = new TextBuffer();
        s_ofThread.Length = 0;
        return s_ofThread;
    }

    /// <summary>A part of what is written, to be changed in its place.</summary>
    public Span<byte> Part(int start, int length) => _bytes.AsSpan(start, length);

    /// <summary>Takes back what was written last.</summary>
    public void Shorten(int length) => Length -= length;

    public void Add(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Add(ReadOnlySpan<char> text) => Length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void Add<T>(T value, ReadOnlySpan<char> format, int longest) where T : IUtf8SpanFormattable
    {
        if (!value.TryFormat(Room(longest), out var written, format, CultureInfo.InvariantCulture))
            throw new ArgumentOutOfRangeException(nameof(longest), longest, $"{value} is longer.");
        Length += written;
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - Length < length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + length));
        return _bytes.AsSpan(Length);
    }
}
