using System.Text;

namespace Directory.Projections.Integrity;

/// <summary>
/// The checkpoints that are kept outside the database: one line of JSON each, only ever added to, each on disk before the next
/// begins. A line that a crash cut short is followed by a whole one.
/// </summary>
public sealed class CheckpointFile(string path)
{
    private const int LongestLine = 4096;

    public string Path => path;

    public bool Exists => File.Exists(path);

    /// <exception cref="IOException">The line could not be written.</exception>
    public void Append(SignedCheckpoint checkpoint)
    {
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        var begin = EndsInLine() ? "" : "\n";
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(Encoding.UTF8.GetBytes($"{begin}{checkpoint.ToLine()}\n"));
        stream.Flush(flushToDisk: true);
    }

    /// <summary>The last whole checkpoint, null when there is none.</summary>
    public SignedCheckpoint? Last()
    {
        if (!Exists) return null;
        using var stream = Open();
        stream.Seek(-Math.Min(stream.Length, LongestLine), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Reverse().Select(SignedCheckpoint.Parse).FirstOrDefault(c => c is not null);
    }

    /// <summary>All lines in their order with their numbers, from 1; null in place of one that is not a whole checkpoint.</summary>
    public IEnumerable<(int Line, SignedCheckpoint? Checkpoint)> Read()
    {
        using var reader = new StreamReader(Open());
        for (var line = 1; reader.ReadLine() is { } text; line++)
            if (text.Length > 0) yield return (line, SignedCheckpoint.Parse(text));
    }

    private bool EndsInLine()
    {
        if (!Exists) return true;
        using var stream = Open();
        if (stream.Length == 0) return true;
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
}
