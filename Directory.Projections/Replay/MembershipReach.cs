namespace Directory.Projections.Replay;

/// <summary>One stretch of time in which <paramref name="Inner"/> was directly in the group <paramref name="Outer"/>.</summary>
/// <param name="To">Exclusive; null while it lasts.</param>
/// <param name="AddedBy">The event that began it.</param>
/// <param name="RemovedBy">The event that ended it.</param>
public sealed record MembershipEdge(Guid Outer, Guid Inner, DateTimeOffset From, DateTimeOffset? To, Guid AddedBy, Guid? RemovedBy);

/// <summary>One stretch of time in which someone belonged to a group, directly or through groups within it.</summary>
/// <param name="Through">
/// The ways it did: the groups from the one it was directly in to the last below the outer group. Empty for a direct membership.
/// </param>
public sealed record MembershipSpan(
    DateTimeOffset From, DateTimeOffset? To, Guid AddedBy, Guid? RemovedBy, IReadOnlyList<IReadOnlyList<Guid>> Through)
{
    public bool IsDirect => Through.Count == 0;
}

/// <summary>
/// Who belonged to whom through groups in groups, and when: a way counts only while every link of it stood. Each group is entered
/// with new stretches of time only, so that the work stays polynomial however the groups are nested.
/// </summary>
public sealed class MembershipReach
{
    private readonly Guid _root;
    private readonly bool _outward;
    private readonly Period _period;
    private readonly ILookup<Guid, MembershipEdge> _edges;
    private readonly Dictionary<Guid, List<Piece>> _direct = [], _indirect = [];

    private MembershipReach(Guid root, IEnumerable<MembershipEdge> edges, bool outward, Period period)
    {
        (_root, _outward, _period) = (root, outward, period);
        _edges = edges.ToLookup(e => outward ? e.Inner : e.Outer);
    }

    /// <param name="root">A user or group.</param>
    /// <param name="edges">All direct memberships of the period that lead on from it.</param>
    /// <param name="outward">True for the groups that contain the root, false for what the root contains.</param>
    /// <param name="period">Only what overlaps it is told.</param>
    /// <returns>For each group or member the direct stretches, then the others, each in the order of time.</returns>
    public static IReadOnlyDictionary<Guid, IReadOnlyList<MembershipSpan>> Of(
        Guid root, IEnumerable<MembershipEdge> edges, bool outward, Period period)
    {
        var reach = new MembershipReach(root, edges, outward, period);
        reach.Walk();
        return reach._direct.Keys.Union(reach._indirect.Keys).ToDictionary(
            id => id,
            IReadOnlyList<MembershipSpan> (id) =>
            [
                .. reach._direct.GetValueOrDefault(id, []).OrderBy(p => p.From).Select(p => p.Span),
                .. Merge(reach._indirect.GetValueOrDefault(id, [])),
            ]);
    }

    private void Walk()
    {
        var queue = new Queue<(Guid Node, Piece Piece)>();
        queue.Enqueue((_root, Piece.Always));
        while (queue.TryDequeue(out var step))
            foreach (var edge in _edges[step.Node])
            {
                var target = _outward ? edge.Outer : edge.Inner;
                if (target == _root || step.Piece.Narrow(edge, Path(step)) is not { } piece || !piece.Overlaps(_period)) continue;
                foreach (var part in Enter(target, piece)) queue.Enqueue((target, part));
            }
    }

    private IReadOnlyList<Guid> Path((Guid Node, Piece Piece) step) =>
        step.Node == _root ? []
        : _outward ? [.. step.Piece.Path, step.Node]
        : [step.Node, .. step.Piece.Path];

    /// <summary>Keeps what is new of a piece and returns it.</summary>
    private IReadOnlyList<Piece> Enter(Guid target, Piece piece)
    {
        var known = piece.Path.Count == 0 ? _direct : _indirect;
        if (!known.TryGetValue(target, out var pieces)) known[target] = pieces = [];
        var parts = piece.Path.Count == 0 ? [piece] : piece.Without(pieces);
        pieces.AddRange(parts);
        return parts;
    }

    private static IEnumerable<MembershipSpan> Merge(List<Piece> pieces)
    {
        Piece? last = null;
        List<IReadOnlyList<Guid>> ways = [];
        foreach (var piece in pieces.OrderBy(p => p.From))
        {
            if (last is not null && piece.From <= last.To)
            {
                last = piece.To > last.To ? last with { To = piece.To, RemovedBy = piece.RemovedBy } : last;
                if (!ways.Any(w => w.SequenceEqual(piece.Path))) ways.Add(piece.Path);
                continue;
            }

            if (last is not null) yield return last.Span with { Through = ways };
            (last, ways) = (piece, [piece.Path]);
        }

        if (last is not null) yield return last.Span with { Through = ways };
    }

    private sealed record Piece(DateTimeOffset From, DateTimeOffset To, Guid AddedBy, Guid? RemovedBy, IReadOnlyList<Guid> Path)
    {
        public static readonly Piece Always = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Guid.Empty, null, []);

        public MembershipSpan Span => new(From, To == DateTimeOffset.MaxValue ? null : To, AddedBy, RemovedBy, Path.Count == 0 ? [] : [Path]);

        public bool Overlaps(Period period) => From < period.To && To > period.From;

        /// <summary>What of it is left when the next link of the way is taken; null if nothing.</summary>
        public Piece? Narrow(MembershipEdge edge, IReadOnlyList<Guid> path)
        {
            var end = edge.To ?? DateTimeOffset.MaxValue;
            var piece = this with { Path = path };
            if (edge.From > From) piece = piece with { From = edge.From, AddedBy = edge.AddedBy };
            if (end < To) piece = piece with { To = end, RemovedBy = edge.RemovedBy };
            return piece.From < piece.To ? piece : null;
        }

        public IReadOnlyList<Piece> Without(IEnumerable<Piece> others)
        {
            List<Piece> parts = [];
            var rest = this;
            foreach (var other in others.OrderBy(o => o.From))
            {
                if (other.To <= rest.From || other.From >= rest.To) continue;
                if (other.From > rest.From) parts.Add(rest with { To = other.From });
                if (other.To >= rest.To) return parts;
                rest = rest with { From = other.To };
            }

            parts.Add(rest);
            return parts;
        }
    }
}
