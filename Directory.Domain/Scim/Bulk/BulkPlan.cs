namespace Directory.Domain.Scim.Bulk;

/// <summary>
/// The order in which operations are carried out: that of the request, except that an operation waits for the creations it refers to
/// (RFC 7644 §3.7.1). Creations that refer to each other in a circle are one step.
/// </summary>
public static class BulkPlan
{
    /// <param name="operations">In the order of the request.</param>
    /// <returns>The steps in order, each of one operation or of a circle.</returns>
    public static IReadOnlyList<IReadOnlyList<BulkOperation>> Order(IReadOnlyList<BulkOperation> operations)
    {
        var creations = operations.Where(o => o is { Method: BulkMethod.Post, BulkId: not null }).ToDictionary(o => o.BulkId!, StringComparer.Ordinal);
        var walk = new Walk(creations);
        foreach (var operation in operations) walk.Visit(operation);
        return walk.Steps;
    }

    /// <summary>Tarjan's algorithm, with a stack of its own: the depth of a chain of references is the client's choice.</summary>
    private sealed class Walk(IReadOnlyDictionary<string, BulkOperation> creations)
    {
        private readonly List<IReadOnlyList<BulkOperation>> _steps = [];
        private readonly Dictionary<BulkOperation, int> _number = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<BulkOperation, int> _lowest = new(ReferenceEqualityComparer.Instance);
        private readonly HashSet<BulkOperation> _open = new(ReferenceEqualityComparer.Instance);
        private readonly Stack<BulkOperation> _circle = [];
        private readonly Stack<(BulkOperation Operation, Queue<BulkOperation> Next)> _path = [];

        public IReadOnlyList<IReadOnlyList<BulkOperation>> Steps => _steps;

        public void Visit(BulkOperation start)
        {
            if (_number.ContainsKey(start)) return;
            Enter(start);
            while (_path.TryPeek(out var top))
            {
                if (top.Next.TryDequeue(out var next))
                {
                    if (!_number.TryGetValue(next, out var number)) Enter(next);
                    else if (_open.Contains(next)) _lowest[top.Operation] = Math.Min(_lowest[top.Operation], number);
                }
                else
                {
                    _path.Pop();
                    Leave(top.Operation);
                }
            }
        }

        private void Enter(BulkOperation operation)
        {
            _number[operation] = _lowest[operation] = _number.Count;
            _open.Add(operation);
            _circle.Push(operation);
            _path.Push((operation, new Queue<BulkOperation>(
                operation.References.Where(creations.ContainsKey).Select(bulkId => creations[bulkId]))));
        }

        private void Leave(BulkOperation operation)
        {
            if (_path.TryPeek(out var parent))
                _lowest[parent.Operation] = Math.Min(_lowest[parent.Operation], _lowest[operation]);
            if (_lowest[operation] != _number[operation]) return;
            var step = new List<BulkOperation>();
            do step.Add(_circle.Pop());
            while (!ReferenceEquals(step[^1], operation));
            _open.ExceptWith(step);
            _steps.Add([.. step.OrderBy(o => o.Index)]);
        }
    }
}
