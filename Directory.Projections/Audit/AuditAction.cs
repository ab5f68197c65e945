using Directory.Domain.Administrators;
using Directory.Domain.Groups;
using Directory.Domain.Imports;
using Directory.Domain.Provisioning;
using Directory.Domain.Users;

namespace Directory.Projections.Audit;

/// <summary>What an event is called in the audit: a stream type and an action. Every event type has its line here, or the audit stops.</summary>
public static class AuditAction
{
    public const string User = "user", Group = "group", Provisioning = "provisioning", Administrators = "administrators";

    private static readonly Dictionary<Type, (string StreamType, string Action)> Names = new()
    {
        [typeof(UserCreated)] = (User, "create"),
        [typeof(UserReplaced)] = (User, "replace"),
        [typeof(UserPatched)] = (User, "patch"),
        [typeof(UserDeactivated)] = (User, "deactivate"),
        [typeof(UserReactivated)] = (User, "reactivate"),
        [typeof(UserDeleted)] = (User, "delete"),
        [typeof(UserRestored)] = (User, "restore"),
        [typeof(UserAdopted)] = (User, "adopt"),
        [typeof(UserAdoptionConsented)] = (User, "adoption.consent"),
        [typeof(UserAdoptionDeclined)] = (User, "adoption.decline"),
        [typeof(UserReleased)] = (User, "release"),
        [typeof(UserErased)] = (User, "erase"),
        [typeof(GroupCreated)] = (Group, "create"),
        [typeof(GroupReplaced)] = (Group, "replace"),
        [typeof(GroupPatched)] = (Group, "patch"),
        [typeof(GroupMembersAdded)] = (Group, "members.add"),
        [typeof(GroupMembersRemoved)] = (Group, "members.remove"),
        [typeof(GroupDeleted)] = (Group, "delete"),
        [typeof(GroupRestored)] = (Group, "restore"),
        [typeof(GroupAdopted)] = (Group, "adopt"),
        [typeof(GroupAdoptionConsented)] = (Group, "adoption.consent"),
        [typeof(GroupAdoptionDeclined)] = (Group, "adoption.decline"),
        [typeof(GroupReleased)] = (Group, "release"),
        [typeof(AdoptionConsentRequired)] = (Provisioning, "adoption.require"),
        [typeof(AdoptionConsentWaived)] = (Provisioning, "adoption.waive"),
        [typeof(ImportCompleted)] = (Provisioning, "import"),
        [typeof(ProvisioningEnabled)] = (Provisioning, "enable"),
        [typeof(ProvisioningDisabled)] = (Provisioning, "disable"),
        [typeof(ProvisioningPaused)] = (Provisioning, "pause"),
        [typeof(ProvisioningResumed)] = (Provisioning, "resume"),
        [typeof(ProvisioningSettingsChanged)] = (Provisioning, "settings.change"),
        [typeof(ConnectionCreated)] = (Provisioning, "connection.create"),
        [typeof(ConnectionRenamed)] = (Provisioning, "connection.rename"),
        [typeof(ConnectionRemoved)] = (Provisioning, "connection.remove"),
        [typeof(ConnectionPaused)] = (Provisioning, "connection.pause"),
        [typeof(ConnectionResumed)] = (Provisioning, "connection.resume"),
        [typeof(BrakeConfigured)] = (Provisioning, "connection.brake"),
        [typeof(TokenIssued)] = (Provisioning, "token.issue"),
        [typeof(TokenRevoked)] = (Provisioning, "token.revoke"),
        [typeof(AdministratorCreated)] = (Provisioning, "administrator.create"),
        [typeof(AdministratorSignedIn)] = (Administrators, "administrator.sign-in"),
        [typeof(AdministratorSignInFailed)] = (Administrators, "administrator.sign-in.refuse"),
        [typeof(AdministratorLockedOut)] = (Administrators, "administrator.lock-out"),
        [typeof(AdministratorPasswordChanged)] = (Administrators, "administrator.password"),
    };

    /// <summary>Every action there is.</summary>
    public static IEnumerable<string> All => Names.Values.Select(n => n.Action).Distinct(StringComparer.Ordinal);

    public static (string StreamType, string Action) Of(object data) => Names.TryGetValue(data.GetType(), out var name)
        ? name
        : throw new InvalidOperationException($"The audit knows no event {data.GetType().Name}; it must not pass over one.");

    /// <summary>The action of an event by its storage name, null if there is no such event.</summary>
    public static string? OfEventType(string eventType) =>
        DirectoryStore.EventNames.FirstOrDefault(e => e.Value == eventType).Key is { } type ? Names[type].Action : null;
}
