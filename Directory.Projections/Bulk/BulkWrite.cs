using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Users;
using Directory.Projections.Streams;

namespace Directory.Projections.Bulk;

/// <summary>One operation of a bulk request, read and ready to be carried out.</summary>
/// <param name="Place">Which operation of the request it is.</param>
/// <param name="Id">The resource; of a creation the id that it is to have.</param>
/// <param name="Precondition">The version that the resource must have.</param>
public abstract record BulkWrite(BulkPlace Place, Guid Id, Precondition Precondition);

public sealed record UserWrite(BulkPlace Place, Guid Id, Precondition Precondition, UserCommand Command)
    : BulkWrite(Place, Id, Precondition);

public sealed record GroupWrite(BulkPlace Place, Guid Id, Precondition Precondition, GroupCommand Command)
    : BulkWrite(Place, Id, Precondition)
{
    /// <summary>The users and groups that the command may make members or remove.</summary>
    public IReadOnlySet<Guid> Mentioned { get; } = MembershipQuestions.Of(Command).Candidates;
}
