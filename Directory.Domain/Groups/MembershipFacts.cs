namespace Directory.Domain.Groups;

/// <summary>
/// What a decision wants to know about members before it is made, so that it can be asked in one query and a group of 100,000 is
/// not loaded to add one.
/// </summary>
/// <param name="All">Every current member is needed.</param>
/// <param name="Candidates">Ids of which must be known whether they exist and whether they are members.</param>
public sealed record MembershipQuestion(bool All, IReadOnlySet<Guid> Candidates)
{
    public static readonly MembershipQuestion Nothing = new(false, new HashSet<Guid>());

    public bool IsEmpty => !All && Candidates.Count == 0;
}

/// <summary>The answer to a <see cref="MembershipQuestion"/>.</summary>
/// <param name="Known">Those of the candidates that exist, as they are now.</param>
/// <param name="Current">Those of the candidates that are members, or all members if all were asked for, as they were added.</param>
/// <param name="Above">The group itself and every group that contains it, directly or not: none of them can become a member.</param>
public sealed record MembershipFacts(
    IReadOnlyDictionary<Guid, Member> Known, IReadOnlyDictionary<Guid, Member> Current, IReadOnlySet<Guid> Above)
{
    public static readonly MembershipFacts None =
        new(new Dictionary<Guid, Member>(), new Dictionary<Guid, Member>(), new HashSet<Guid>());
}
