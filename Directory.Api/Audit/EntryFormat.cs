using Directory.Projections.Audit;

namespace Directory.Api.Audit;

/// <summary>How entries of the audit are exported.</summary>
public static class EntryFormat
{
    public static readonly RowFormat<StoredEntry> Format = new(AuditJson.Write,
    [
        new("sequence", e => Cell.Of(e.Sequence)),
        new("id", e => e.Id.ToString()),
        new("tenant", e => e.Tenant),
        new("time", e => Cell.Of(e.Time)),
        new("action", e => e.Action),
        new("eventType", e => e.EventType),
        new("outcome", e => e.Outcome),
        new("noOp", e => Cell.Of(e.NoOp)),
        new("sentence", e => e.Sentence),
        new("actorKind", e => e.ActorKind),
        new("actorId", e => e.ActorId),
        new("actorName", e => e.ActorName),
        new("connection", e => e.Connection),
        new("tokenId", e => e.TokenId),
        new("tokenPrefix", e => e.TokenPrefix),
        new("sourceAddress", e => e.Source),
        new("userAgent", e => e.UserAgent),
        new("targetType", e => e.StreamType),
        new("targetId", e => e.StreamId.ToString()),
        new("targetName", e => e.TargetName),
        new("externalId", e => e.ExternalId),
        new("versionBefore", e => Cell.Of(e.StreamVersion - 1)),
        new("versionAfter", e => Cell.Of(e.StreamVersion)),
        new("requestId", e => e.RequestId),
        new("request", e => e.Request),
        new("members", e => e.Members),
        new("changes", e => e.Changes),
    ], e => e.Sequence);
}
