using System.Text.Json;
using Directory.Domain.Administrators;
using Directory.Domain.Groups;
using Directory.Domain.Imports;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Audit;
using Directory.Projections.Groups;
using Directory.Projections.Provisioning;
using Directory.Projections.Users;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events.Projections;
using Weasel.Core;

namespace Directory.Projections;

/// <summary>The whole registration of the event store on one screen: events and their storage names, projections, settings.</summary>
public static class DirectoryStore
{
    /// <summary>The storage name of every event type. A name is for ever: it is in the database.</summary>
    public static readonly IReadOnlyDictionary<Type, string> EventNames = new Dictionary<Type, string>
    {
        [typeof(UserCreated)] = "user_created",
        [typeof(UserReplaced)] = "user_replaced",
        [typeof(UserPatched)] = "user_patched",
        [typeof(UserDeactivated)] = "user_deactivated",
        [typeof(UserReactivated)] = "user_reactivated",
        [typeof(UserDeleted)] = "user_deleted",
        [typeof(UserRestored)] = "user_restored",
        [typeof(UserAdopted)] = "user_adopted",
        [typeof(UserAdoptionConsented)] = "user_adoption_consented",
        [typeof(UserAdoptionDeclined)] = "user_adoption_declined",
        [typeof(UserReleased)] = "user_released",
        [typeof(UserErased)] = "user_erased",
        [typeof(GroupCreated)] = "group_created",
        [typeof(GroupReplaced)] = "group_replaced",
        [typeof(GroupPatched)] = "group_patched",
        [typeof(GroupMembersAdded)] = "group_members_added",
        [typeof(GroupMembersRemoved)] = "group_members_removed",
        [typeof(GroupDeleted)] = "group_deleted",
        [typeof(GroupRestored)] = "group_restored",
        [typeof(GroupAdopted)] = "group_adopted",
        [typeof(GroupAdoptionConsented)] = "group_adoption_consented",
        [typeof(GroupAdoptionDeclined)] = "group_adoption_declined",
        [typeof(GroupReleased)] = "group_released",
        [typeof(AdoptionConsentRequired)] = "adoption_consent_required",
        [typeof(AdoptionConsentWaived)] = "adoption_consent_waived",
        [typeof(ImportCompleted)] = "import_completed",
        [typeof(ProvisioningEnabled)] = "provisioning_enabled",
        [typeof(ProvisioningDisabled)] = "provisioning_disabled",
        [typeof(ProvisioningPaused)] = "provisioning_paused",
        [typeof(ProvisioningResumed)] = "provisioning_resumed",
        [typeof(ProvisioningSettingsChanged)] = "provisioning_settings_changed",
        [typeof(ConnectionCreated)] = "connection_created",
        [typeof(ConnectionRenamed)] = "connection_renamed",
        [typeof(ConnectionRemoved)] = "connection_removed",
        [typeof(ConnectionPaused)] = "connection_paused",
        [typeof(ConnectionResumed)] = "connection_resumed",
        [typeof(BrakeConfigured)] = "brake_configured",
        [typeof(TokenIssued)] = "token_issued",
        [typeof(TokenRevoked)] = "token_revoked",
        [typeof(AdministratorCreated)] = "administrator_created",
        [typeof(AdministratorSignedIn)] = "administrator_signed_in",
        [typeof(AdministratorSignInFailed)] = "administrator_sign_in_failed",
        [typeof(AdministratorLockedOut)] = "administrator_locked_out",
        [typeof(AdministratorPasswordChanged)] = "administrator_password_changed",
    };

    /// <summary>The projections with the tables that a rebuild empties first.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Projections = new Dictionary<string, string[]>
    {
        [UserProjection.Name] = ["scim_user", "deleted_user"],
        [GroupProjection.Name] = ["scim_group", "deleted_group"],
        [MembershipProjection.Name] = ["group_member"],
        [ProvisioningProjection.Name] = ["provisioning", "connection"],
        [AuditProjection.Name] = ["audit_entry", "audit_term", "audit_facet", "audit_word", "audit_span"],
    };

    public static void Configure(StoreOptions options, ResourceType users, ResourceType groups, TimeProvider clock)
    {
        options.AutoCreateSchemaObjects = AutoCreate.None; // DatabaseSchema makes the tables before anything is served
        options.Events.TenancyStyle = TenancyStyle.Conjoined;
        options.Events.StreamIdentity = StreamIdentity.AsGuid;
        options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps; // the time is DirectoryClock's, which is the database's
        options.Events.TimeProvider = clock;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.MetadataConfig.UserNameEnabled = true;
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase, ConfigureJson);
        foreach (var (type, name) in EventNames) options.Events.MapEventType(type, name);

        // A write that lost a race is done again by DirectoryWriter, from the reading on. Marten would send the same statements into
        // the failed transaction, which hides the cause, or after a failed commit without the locks that the decision relied on.
        options.ConfigureWritePolly(_ => { });

        // The order is the order of the statements in a batch.
        Add(options, new UserProjection(users), UserProjection.Name);
        Add(options, new GroupProjection(groups), GroupProjection.Name);
        Add(options, new MembershipProjection(), MembershipProjection.Name);
        Add(options, new ProvisioningProjection(), ProvisioningProjection.Name);
        Add(options, new AuditProjection(users, groups), AuditProjection.Name);

        // A projection never passes over an event: it stops, and the node says so.
        options.Projections.Errors.SkipApplyErrors = false;
        options.Projections.Errors.SkipSerializationErrors = false;
        options.Projections.Errors.SkipUnknownEvents = false;
        options.Projections.RebuildErrors.SkipApplyErrors = false;
        options.Projections.RebuildErrors.SkipSerializationErrors = false;
        options.Projections.RebuildErrors.SkipUnknownEvents = false;
    }

    private static void Add(StoreOptions options, IProjection projection, string name) =>
        options.Projections.Add(projection, ProjectionLifecycle.Inline, name, async =>
        {
            foreach (var table in Projections[name]) async.DeleteDataInTableOnTeardown(table);
        });

    private static void ConfigureJson(JsonSerializerOptions json)
    {
        json.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
        json.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    }
}
