using Directory.Domain.Groups;

namespace Directory.Projections.Bulk;

/// <summary>
/// Operations that are to share a transaction. What one of them decides on must not depend on what another does, since none of them
/// is in the database before all are.
/// </summary>
public sealed class BulkBatch
{
    /// <summary>Operations that share a transaction at most: what fails is tried again in halves, so a batch has its price.</summary>
    public const int MostOperations = 100;

    private readonly List<IReadOnlyList<BulkWrite>> _steps = [];
    private readonly HashSet<Guid> _targets = [];
    private readonly HashSet<Guid> _mentioned = [];
    private int _count;
    private bool _closed;

    public IReadOnlyList<IReadOnlyList<BulkWrite>> Steps => _steps;

    /// <summary>Takes a step, of one operation or of several that succeed or fail together, if it fits.</summary>
    public bool TryAdd(IReadOnlyList<BulkWrite> step)
    {
        if (_count > 0 && (_closed || _count + step.Count > MostOperations || step.Any(ChangesMembers) || step.Any(Meets))) return false;
        _steps.Add(step);
        _count += step.Count;
        _closed = step.Any(ChangesMembers);
        foreach (var write in step)
        {
            _targets.Add(write.Id);
            if (write is GroupWrite group) _mentioned.UnionWith(group.Mentioned);
        }

        return true;
    }

    // Whether a group would contain itself depends on all groups above it, which others may be changing.
    private static bool ChangesMembers(BulkWrite write) => write is GroupWrite { Command: ReplaceGroup or PatchGroup };

    private bool Meets(BulkWrite write) =>
        _targets.Contains(write.Id) || _mentioned.Contains(write.Id) || (write is GroupWrite group && _targets.Overlaps(group.Mentioned));
}
