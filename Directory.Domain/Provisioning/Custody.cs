using Directory.Domain.Scim;

namespace Directory.Domain.Provisioning;

/// <summary>What an administrator said to a connection's taking over a user or group.</summary>
public enum AdoptionAnswer
{
    /// <summary>Nothing yet.</summary>
    None,

    Consented,

    Declined,
}

/// <summary>On what terms a connection takes over what is local.</summary>
/// <param name="ConsentDemanded">The directory's setting: whether an administrator must consent every time.</param>
/// <param name="Answer">What an administrator said about this connection and this user or group.</param>
public sealed record AdoptionTerms(bool ConsentDemanded, AdoptionAnswer Answer)
{
    public static readonly AdoptionTerms Free = new(false, AdoptionAnswer.None);
}

/// <summary>
/// Who may change a user or group: the connection that created it or took it over, and no other; a local one belongs to administrators
/// until a connection takes it over. See docs/decisions/0025-who-manages-what.md.
/// </summary>
public static class Custody
{
    /// <summary>Whether a change by a connection is its first of something local, which it takes over by it.</summary>
    /// <param name="type"><c>User</c> or <c>Group</c>.</param>
    /// <param name="managedBy">The connection that manages it, null if it is local.</param>
    /// <param name="connection">The connection that asks.</param>
    /// <param name="isShared">The setting: whether the connections of a directory may change what another manages.</param>
    /// <exception cref="ScimException">403 when another manages it.</exception>
    public static bool IsFirstContact(string type, string? managedBy, string connection, bool isShared) =>
        managedBy is null
        || (managedBy == connection || isShared ? false : throw new ScimException(ScimError.ManagedByAnother(type)));

    /// <summary>
    /// Why an administrator must be asked before a connection takes something over; null when it may. Who finds an account by its name and
    /// then gives it another could make it his own, so a first contact that changes what the account is known by is asked about always.
    /// </summary>
    /// <param name="before">What it is known by now.</param>
    /// <param name="after">What it would be known by.</param>
    public static string? Obstacle(AdoptionTerms terms, Subject before, Subject after) => terms switch
    {
        { Answer: AdoptionAnswer.Consented } => null,
        { Answer: AdoptionAnswer.Declined } => "An administrator declined it.",
        { ConsentDemanded: true } => "An administrator must consent first.",
        _ when !CaseFolding.Equal(before.Name, after.Name) =>
            "The request would also change its name, so an administrator must consent first.",
        _ when before.ExternalId is not null && before.ExternalId != after.ExternalId =>
            "The request would also replace the externalId that it has, so an administrator must consent first.",
        _ => null,
    };

    /// <exception cref="ScimException">409 when a connection manages it: what an administrator changed would be undone from there.</exception>
    public static void DemandLocal(string type, string? managedBy)
    {
        if (managedBy is not null) throw new ScimException(ScimError.ExternallyManaged(type));
    }
}
