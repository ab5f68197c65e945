using System.Runtime.InteropServices;
using Directory.Domain.Users;
using Directory.Projections.Groups;
using JasperFx.Events;

namespace Directory.Projections.Rebuilding;

/// <summary>The intervals that a run of events begins or changes, in memory.</summary>
internal sealed class MembershipFold
{
    private readonly List<MembershipRow> _rows = [];
    private readonly Dictionary<(string Tenant, Guid Group, Guid Member), List<MembershipRow>> _byPair = [];
    private readonly Dictionary<(string Tenant, Guid Group), List<MembershipRow>> _byGroup = [];
    private readonly Dictionary<(string Tenant, Guid Member), List<MembershipRow>> _byMember = [];

    public IEnumerable<MembershipRow> Changed => _rows.Where(r => r.IsChanged);

    public void Add(MembershipRow row)
    {
        _rows.Add(row);
        Put(_byPair, (row.Tenant, row.Group, row.Member), row);
        Put(_byGroup, (row.Tenant, row.Group), row);
        Put(_byMember, (row.Tenant, row.Member), row);
    }

    public void Apply(IEvent e, MembershipChange change)
    {
        switch (change)
        {
            case MembershipChange.Opened { Members: var members }:
                foreach (var member in members) Add(MembershipRow.Opened(e, member));
                break;
            case MembershipChange.Removed { Members: var members }:
                foreach (var member in members) Close(_byPair, (e.TenantId, e.StreamId, member), e, e.Version);
                break;
            case MembershipChange.GroupEnded:
                Close(_byGroup, (e.TenantId, e.StreamId), e, e.Version);
                break;
            case MembershipChange.MemberEnded:
                Close(_byMember, (e.TenantId, e.StreamId), e, null);
                break;
            case MembershipChange.Named { Name: var name }:
                Each(_byMember, (e.TenantId, e.StreamId), onlyOpen: true, row => row.Name = name!);
                break;
            case MembershipChange.Displayed { Display: var display }:
                Each(_byMember, (e.TenantId, e.StreamId), onlyOpen: true, row => row.Display = display);
                break;
            case MembershipChange.Erased:
                Each(_byMember, (e.TenantId, e.StreamId), onlyOpen: false, row => (row.Name, row.Display) = (UserErasure.Mask, null));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "This is no change of a membership.");
        }
    }

    private static void Close<TKey>(Dictionary<TKey, List<MembershipRow>> rows, TKey key, IEvent e, long? version) where TKey : notnull =>
        Each(rows, key, onlyOpen: true, row => row.Removed = (e.Timestamp.ToUniversalTime(), e.Id, version));

    private static void Each<TKey>(Dictionary<TKey, List<MembershipRow>> rows, TKey key, bool onlyOpen, Action<MembershipRow> change)
        where TKey : notnull
    {
        if (!rows.TryGetValue(key, out var found)) return;
        foreach (var row in found)
        {
            if (onlyOpen && row.Removed is not null) continue;
            change(row);
            row.IsChanged = true;
        }
    }

    private static void Put<TKey>(Dictionary<TKey, List<MembershipRow>> rows, TKey key, MembershipRow row) where TKey : notnull =>
        (CollectionsMarshal.GetValueRefOrAddDefault(rows, key, out _) ??= []).Add(row);
}
