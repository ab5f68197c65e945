using Directory.Domain.Groups;
using Directory.Domain.Provisioning;
using Directory.Domain.Users;

namespace Directory.Projections.Audit;

/// <summary>What an event is called in the audit: a stream type and an action. Every event type has its line here, or the audit stops.</summary>
public static class AuditAction
{
    public static (string StreamType, string Action) Of(object data) => data switch
    {
        UserCreated => ("user", "create"),
        UserReplaced => ("user", "replace"),
        UserPatched => ("user", "patch"),
        UserDeactivated => ("user", "deactivate"),
        UserReactivated => ("user", "reactivate"),
        UserDeleted => ("user", "delete"),
        UserRestored => ("user", "restore"),
        UserAdopted => ("user", "adopt"),
        UserErased => ("user", "erase"),
        GroupCreated => ("group", "create"),
        GroupReplaced => ("group", "replace"),
        GroupPatched => ("group", "patch"),
        GroupMembersAdded => ("group", "members.add"),
        GroupMembersRemoved => ("group", "members.remove"),
        GroupDeleted => ("group", "delete"),
        GroupRestored => ("group", "restore"),
        ProvisioningEnabled => ("provisioning", "enable"),
        ProvisioningDisabled => ("provisioning", "disable"),
        ConnectionCreated => ("provisioning", "connection.create"),
        TokenIssued => ("provisioning", "token.issue"),
        TokenRevoked => ("provisioning", "token.revoke"),
        AdministratorCreated => ("provisioning", "administrator.create"),
        _ => throw new InvalidOperationException($"The audit knows no event {data.GetType().Name}; it must not pass over one."),
    };
}
