namespace Directory.Projections.Adoption;

/// <summary>A connection that asked to take over a local user or group and may not without an administrator.</summary>
/// <param name="ResourceType"><c>User</c> or <c>Group</c>.</param>
/// <param name="Name">The userName or displayName as it is now; null if the resource is deleted.</param>
/// <param name="Reason">As the connection was told.</param>
/// <param name="Answer"><see cref="Pending"/>, <see cref="Consented"/> (its next PUT or PATCH takes over) or <see cref="Declined"/>.</param>
/// <param name="RequestId">Of its newest request.</param>
/// <param name="Times">How often it asked.</param>
public sealed record AdoptionRequest(
    Guid Id, string ResourceType, Guid ResourceId, string? Name, string ConnectionId, string Connection, string Reason, string Answer,
    string RequestId, DateTimeOffset FirstAsked, DateTimeOffset LastAsked, long Times, DateTimeOffset? AnsweredAt, string? AnsweredBy)
{
    public const string Pending = "pending", Consented = "consented", Declined = "declined";
}
