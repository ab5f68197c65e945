namespace Directory.Projections.Requests;

/// <summary>
/// Counts refusals that are alike instead of keeping each: within a minute one record for each kind and address, and one for all
/// addresses beyond <see cref="MostKinds"/>. So nobody without a token can fill the disk, and a flood still shows.
/// </summary>
internal sealed class RefusalCount
{
    public const int MostKinds = 100;
    public const string OtherAddresses = "other addresses";

    private readonly Dictionary<Kind, RequestRecord> _kinds = [];

    public bool IsEmpty => _kinds.Count == 0;

    public void Add(RequestRecord record)
    {
        var kind = new Kind(record.Tenant, record.Status, record.ScimType, record.Detail, record.Source, record.ConnectionId);
        if (!_kinds.ContainsKey(kind) && _kinds.Count >= MostKinds)
        {
            kind = new Kind(record.Tenant, record.Status, null, null, OtherAddresses, null);
            record = record with { ScimType = null, Detail = null, Source = OtherAddresses, UserAgent = null, Path = "", Route = null, ConnectionId = null, Connection = null };
            if (_kinds.Count >= 2 * MostKinds && !_kinds.ContainsKey(kind)) return;
        }

        _kinds[kind] = _kinds.TryGetValue(kind, out var first) ? first with { Times = first.Times + record.Times } : record;
    }

    public IReadOnlyCollection<RequestRecord> Take()
    {
        RequestRecord[] records = [.. _kinds.Values];
        _kinds.Clear();
        return records;
    }

    private sealed record Kind(string Tenant, int Status, string? ScimType, string? Detail, string? Source, string? ConnectionId);
}
