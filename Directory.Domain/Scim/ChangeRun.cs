using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Scim;

/// <summary>Successive changes of one attribute, or of one element of a multi-valued attribute, seen as one.</summary>
/// <param name="Path">As in <see cref="AttributeChange"/>.</param>
/// <param name="Before">The value before the first of them.</param>
/// <param name="After">The value after the last of them.</param>
public sealed record ChangeRun(string Path, JsonNode? Before, JsonNode? After)
{
    public bool ChangesNothing => ValueEquality.Same(Before, After);

    public AttributeChange Change => AttributeChange.Of(Path, Before, After);
}

/// <summary>
/// Joins changes, told in their order, into runs. A change of a multi-valued attribute continues the run of the element it begins
/// with; a removed element that comes back ends where it began.
/// </summary>
public sealed class ChangeRuns(ResourceType type)
{
    private readonly List<ChangeRun> _runs = [];

    public IReadOnlyList<ChangeRun> All => _runs;

    /// <summary>What the changes amount to: the first before and the last after of each run that leads anywhere.</summary>
    public IReadOnlyList<AttributeChange> Net => [.. _runs.Where(r => !r.ChangesNothing).Select(r => r.Change)];

    public static IReadOnlyList<AttributeChange> NetOf(ResourceType type, IEnumerable<AttributeChange> changes)
    {
        var runs = new ChangeRuns(type);
        foreach (var change in changes) runs.Continue(change);
        return runs.Net;
    }

    /// <summary>Adds a change to the run that it continues, or begins one with it.</summary>
    public void Continue(AttributeChange change)
    {
        var index = Find(change);
        if (index < 0) _runs.Add(new ChangeRun(change.Path, change.Before, change.After));
        else _runs[index] = _runs[index] with { After = change.After };
    }

    /// <summary>Ends the run that somebody else's change continues: what it led to is no longer there.</summary>
    /// <returns>The run, null if the change continues none.</returns>
    public ChangeRun? End(AttributeChange change)
    {
        var index = Find(change);
        if (index < 0) return null;
        var run = _runs[index];
        _runs.RemoveAt(index);
        return run;
    }

    private int Find(AttributeChange change)
    {
        var element = ChangePath.Of(change.Path).NamesElement(type, change);
        return _runs.FindLastIndex(run => string.Equals(run.Path, change.Path, StringComparison.Ordinal) && (!element || Continues(run)));

        bool Continues(ChangeRun run) => run.After is null
            ? change.Before is null && ValueEquality.Same(run.Before, change.After)
            : change.Before is not null && ValueEquality.Same(run.After, change.Before);
    }
}
