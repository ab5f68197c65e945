using Directory.Domain.Scim.Schema;
using Directory.Projections.Audit;
using Directory.Projections.Streams;
using JasperFx.Events;

namespace Directory.Projections.Replay;

/// <summary>An event that a request would cause, told like an entry of the audit.</summary>
public static class ForeseenEvent
{
    public static AuditEntry Tell(ResourceType users, ResourceType groups, Origin origin, object data) => AuditEntry.Of(
        users, groups, new Event<object>(data) { TenantId = origin.TenantId, UserName = origin.Actor.Name });
}
