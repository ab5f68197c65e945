using Npgsql;

namespace Directory.Projections.Rebuilding;

/// <summary>Makes the rows of one projection from the events, in tables that begin empty.</summary>
internal interface IRebuild
{
    /// <summary>Whether it finds its own rows again from the start, and needs the indexes for it.</summary>
    bool NeedsIndexes { get; }

    /// <summary>Whether rows of a table are found by their key from the start.</summary>
    bool NeedsKey(string table) => NeedsIndexes;

    /// <summary>Takes in the events behind a sequence number up to another, below which no commit is missing.</summary>
    /// <param name="transaction">Of the rebuild, in which the names of the tables mean the new ones.</param>
    /// <param name="after">They are in already.</param>
    /// <param name="through">The last one.</param>
    /// <param name="told">Called with the events read and the sequence number reached.</param>
    /// <param name="cancellation">Given up.</param>
    Task Take(NpgsqlTransaction transaction, long after, long through, Action<int, long> told, CancellationToken cancellation);

    /// <summary>Takes in whatever else is committed, while nobody else writes to the old tables.</summary>
    Task TakeRest(NpgsqlTransaction transaction, long after, Action<int, long> told, CancellationToken cancellation);
}
