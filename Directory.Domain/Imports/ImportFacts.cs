namespace Directory.Domain.Imports;

/// <summary>A group that the directory has already.</summary>
/// <param name="Managed">Whether a SCIM connection manages it, and its members with it.</param>
public sealed record KnownGroup(Guid Id, bool Managed);

/// <summary>What the directory has of what a file names.</summary>
/// <param name="Users">Ids by folded userName.</param>
/// <param name="Groups">By folded displayName.</param>
/// <param name="UserIds">Those of the ids in the file that are ids of users.</param>
/// <param name="GroupIds">Those of the ids in the file that are ids of groups.</param>
/// <param name="Nested">Which groups are in which: group and member.</param>
public sealed record ImportFacts(
    IReadOnlyDictionary<string, Guid> Users, IReadOnlyDictionary<string, KnownGroup> Groups, IReadOnlySet<Guid> UserIds,
    IReadOnlyDictionary<Guid, KnownGroup> GroupIds, IReadOnlyCollection<(Guid Group, Guid Member)> Nested)
{
    public static readonly ImportFacts None = new(
        new Dictionary<string, Guid>(), new Dictionary<string, KnownGroup>(), new HashSet<Guid>(), new Dictionary<Guid, KnownGroup>(), []);
}
