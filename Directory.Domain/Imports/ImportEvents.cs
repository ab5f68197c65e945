using Directory.Domain.Provisioning;

namespace Directory.Domain.Imports;

/// <summary>
/// A file of users and groups known before was imported. What it made is in the events of the users and groups under the same request id.
/// </summary>
/// <param name="ImportId">The id of the import, which is the id of this event's stream.</param>
/// <param name="FileName">As the administrator's program called it; null if it did not.</param>
/// <param name="Sha256">Of the file, in lower-case hex.</param>
/// <param name="UsersThere">How many users the directory had already; they were left as they were.</param>
/// <param name="GroupsExtended">How many local groups got members.</param>
/// <param name="MembersAdded">How many memberships began.</param>
/// <param name="Withheld">The names of secrets that the file held and that were discarded.</param>
public sealed record ImportCompleted(
    Guid ImportId, string? FileName, string Sha256, long UsersCreated, long UsersThere, long GroupsCreated, long GroupsExtended,
    long MembersAdded, IReadOnlyList<string> Withheld) : IProvisioningEvent;
