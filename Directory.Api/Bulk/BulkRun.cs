using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Api.Users;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Bulk;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Bulk;
using Directory.Projections.Streams;
using Npgsql;

namespace Directory.Api.Bulk;

/// <summary>
/// One bulk request on its way. Every resource to be created has its id before anything is done, so that references are resolved at
/// once. Operations share a transaction where they can; if one of them fails, the batch is undone and tried again in halves, so
/// that in the end only that one fails.
/// </summary>
internal sealed class BulkRun(HttpContext context, BulkResources resources, BulkRequest request, Origin origin, Failures failures)
{
    private static readonly ScimError CircleBroken =
        ScimError.Conflict("It and another operation refer to each other, and the other one failed.");

    private readonly Dictionary<int, BulkOutcome> _outcomes = [];
    private readonly Dictionary<string, BulkEntry> _creations = request.Entries.Where(e => e is { Method: not null, BulkId: not null })
        .Where(e => string.Equals(e.Method, "POST", StringComparison.OrdinalIgnoreCase)).DistinctBy(e => e.BulkId!, StringComparer.Ordinal)
        .ToDictionary(e => e.BulkId!, StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private BulkBatch _batch = new();
    private ScimError? _outage;
    private int _errors;
    private int _unreadable; // entries before this one that cannot be read have been accounted for

    public IReadOnlyDictionary<int, BulkOutcome> Outcomes => _outcomes;

    private bool IsOver => _outage is not null || (request.FailOnErrors is { } limit && _errors >= limit);

    public async Task Execute(CancellationToken cancellation)
    {
        foreach (var bulkId in _creations.Keys) _ids[bulkId] = Guid.CreateVersion7();
        foreach (var (bulkId, entry) in _creations)
            if (entry.Error is not null) _failed.Add(bulkId);

        var operations = request.Entries.Select(e => e.Operation).OfType<BulkOperation>().ToList();
        foreach (var step in BulkPlan.Order(operations))
        {
            await RefuseUnreadable(step[0].Index, cancellation);
            if (!IsOver) await Add(step, cancellation);
        }

        await RefuseUnreadable(request.Entries.Count, cancellation);
        await Flush(cancellation);
        if (_outage is null) return;
        for (var index = 0; index < request.Entries.Count; index++)
            if (!_outcomes.ContainsKey(index)) Fail(index, null, null, _outage);
    }

    private async Task RefuseUnreadable(int end, CancellationToken cancellation)
    {
        for (; _unreadable < end && !IsOver; _unreadable++)
        {
            if (request.Entries[_unreadable].Error is not { } error) continue;
            await Flush(cancellation);
            if (!IsOver) Fail(_unreadable, null, null, error);
        }
    }

    private async Task Add(IReadOnlyList<BulkOperation> step, CancellationToken cancellation)
    {
        var writes = new List<BulkWrite>(step.Count);
        var refusals = new Dictionary<int, ScimError>();
        foreach (var operation in step)
        {
            try
            {
                Demand(operation, inCircle: step.Count > 1);
                writes.Add(Read(operation));
            }
            catch (ScimException refusal)
            {
                refusals[operation.Index] = refusal.Error;
            }
        }

        if (refusals.Count > 0)
        {
            await Flush(cancellation); // what comes before is done before, so that failOnErrors counts in order
            if (!IsOver)
                foreach (var operation in step) Fail(operation, refusals.GetValueOrDefault(operation.Index) ?? CircleBroken);
        }
        else if (!_batch.TryAdd(writes))
        {
            await Flush(cancellation);
            _batch.TryAdd(writes);
        }
    }

    private void Demand(BulkOperation operation, bool inCircle)
    {
        if (operation.References.FirstOrDefault(r => !_creations.ContainsKey(r)) is { } unknown)
            throw new ScimException(ScimError.InvalidValue($"No operation of the request creates a resource with the bulkId '{unknown}'."));
        DemandCreated(operation);
        // RFC 7644 §3.7.1 allows 409 for circular references. Users may refer to each other; a group never contains itself.
        if ((inCircle || operation.References.Contains(operation.BulkId ?? "")) && resources.Type(operation.Endpoint).Name == "Group")
            throw new ScimException(ScimError.Conflict("Groups cannot be created that refer to each other in a circle."));
    }

    private BulkWrite Read(BulkOperation operation)
    {
        var type = resources.Type(operation.Endpoint);
        // The bytes that one resource may have are those of a request about it.
        if (type.Name == "User" && context.Request.ContentLength is null or > UserResources.BodyLimit
            && operation.Data?.ToJsonString().Length > UserResources.BodyLimit)
            throw new ScimException(ScimError.PayloadTooLarge(UserResources.BodyLimit));
        return resources.Write(operation, Id(operation, type), BulkReferences.Resolve(operation, _ids));
    }

    private Guid Id(BulkOperation operation, ResourceType type) =>
        operation.Target is not { } target ? operation.BulkId is { } own ? _ids[own] : Guid.CreateVersion7()
        : BulkReferences.Of(target) is { } bulkId ? _ids[bulkId]
        : ScimParameters.Id(target, type);

    private void DemandCreated(BulkOperation operation)
    {
        if (operation.References.FirstOrDefault(_failed.Contains) is { } failed)
            throw new ScimException(ScimError.Conflict($"It refers to the bulkId '{failed}', and that resource was not created."));
    }

    private async Task Flush(CancellationToken cancellation)
    {
        var batch = _batch;
        _batch = new BulkBatch();
        await Write(batch.Steps, cancellation);
    }

    private async Task Write(IReadOnlyList<IReadOnlyList<BulkWrite>> steps, CancellationToken cancellation)
    {
        if (steps.Count == 0 || IsOver) return;
        IReadOnlyList<BulkWrite> writes = [.. steps.SelectMany(s => s)];
        try
        {
            // A step may depend on one that failed since the batch was put together.
            foreach (var write in writes) DemandCreated(Operation(write));
            var tags = await resources.Stream.Write(origin, writes, cancellation);
            for (var i = 0; i < writes.Count; i++) Succeed(writes[i], tags[i]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (e is NpgsqlException { IsTransient: true } or ScimException { Error.RetryAfterSeconds: not null })
            {
                // The database is away, or the connection is paused: what is left need not be tried. If nothing was done, the request
                // as a whole failed.
                if (_outcomes.Count == 0) throw;
                _outage = failures.Error(context, e);
            }
            else if (steps.Count > 1)
            {
                await Write([.. steps.Take(steps.Count / 2)], cancellation);
                await Write([.. steps.Skip(steps.Count / 2)], cancellation);
            }
            else
            {
                foreach (var write in writes) Fail(Operation(write), failures.Error(context, e));
            }
        }
    }

    private BulkOperation Operation(BulkWrite write) => request.Entries[write.Place.Index].Operation!;

    private void Succeed(BulkWrite write, string etag)
    {
        var method = Operation(write).Method;
        _outcomes[write.Place.Index] = new BulkOutcome(
            method switch { BulkMethod.Post => 201, BulkMethod.Delete => 204, _ => 200 },
            Location(Operation(write), write.Id), method == BulkMethod.Delete ? null : etag, null);
    }

    private void Fail(BulkOperation operation, ScimError error) => Fail(
        operation.Index, operation.Method == BulkMethod.Post ? operation.BulkId : null, FailedLocation(operation), error);

    private void Fail(int index, string? bulkId, string? location, ScimError error)
    {
        if (bulkId is not null) _failed.Add(bulkId);
        _errors++;
        _outcomes[index] = new BulkOutcome(error.Status, location, null, error);
    }

    // RFC 7644 §3.7.3: the location is there "except in the event of a POST failure".
    private string? FailedLocation(BulkOperation operation)
    {
        if (operation.Target is not { } target) return null;
        if (BulkReferences.Of(target) is not { } bulkId) return ScimAddress.Of(context).BaseUrl + operation.Endpoint + "/" + Uri.EscapeDataString(target);
        return _ids.TryGetValue(bulkId, out var id) && !_failed.Contains(bulkId) ? Location(operation, id) : null;
    }

    private string Location(BulkOperation operation, Guid id) =>
        ScimAddress.Of(context).Resource(resources.Type(operation.Endpoint), id);
}
