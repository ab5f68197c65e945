namespace Directory.Projections.Rebuilding;

/// <summary>What a rebuild is doing.</summary>
public enum RebuildStage
{
    /// <summary>Reads the events and makes the rows; whoever writes or reads notices nothing.</summary>
    Reading,

    /// <summary>Makes the indexes.</summary>
    Indexing,

    /// <summary>Waits for readers and writers of the old tables to end, and has them wait meanwhile, at most two seconds at a time.</summary>
    Swapping,

    /// <summary>The new tables are in place.</summary>
    Done,
}

/// <summary>How far a rebuild is.</summary>
/// <param name="Projection">A key of <see cref="DirectoryStore.Projections"/>.</param>
/// <param name="Events">Events read so far.</param>
/// <param name="Through">Up to this sequence number they are in.</param>
/// <param name="Last">The last sequence number known.</param>
public sealed record RebuildProgress(string Projection, RebuildStage Stage, long Events, long Through, long Last);

/// <summary>Another rebuild is at work on the same database.</summary>
public sealed class RebuildRunningException() : InvalidOperationException("Another rebuild is running on this database.");
