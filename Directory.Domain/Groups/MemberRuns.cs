namespace Directory.Domain.Groups;

/// <summary>Successive comings and goings of one member of a group, seen as one.</summary>
/// <param name="Member">As last named.</param>
/// <param name="WasMember">Before the first of them.</param>
/// <param name="IsMember">After the last of them.</param>
public sealed record MemberRun(Member Member, bool WasMember, bool IsMember);

/// <summary>Joins comings and goings, told in their order, into one run for each member.</summary>
public sealed class MemberRuns
{
    private readonly Dictionary<Guid, MemberRun> _runs = [];

    public IReadOnlyDictionary<Guid, MemberRun> All => _runs;

    public IEnumerable<Member> Added => _runs.Values.Where(r => r is { WasMember: false, IsMember: true }).Select(r => r.Member);

    public IEnumerable<Member> Removed => _runs.Values.Where(r => r is { WasMember: true, IsMember: false }).Select(r => r.Member);

    public void Continue(IEnumerable<Member> members, bool areMembers)
    {
        foreach (var member in members)
            _runs[member.Id] = new MemberRun(member, _runs.TryGetValue(member.Id, out var run) ? run.WasMember : !areMembers, areMembers);
    }

    /// <summary>Ends the runs of members whom somebody else added or removed later.</summary>
    public void End(IEnumerable<Member> members)
    {
        foreach (var member in members) _runs.Remove(member.Id);
    }
}
