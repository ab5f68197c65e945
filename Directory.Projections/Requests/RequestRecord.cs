namespace Directory.Projections.Requests;

/// <summary>A SCIM request that was refused, or a write that was accepted. It holds no body and no attribute value.</summary>
/// <param name="Tenant">The directory; of a request without a valid token the default one.</param>
/// <param name="Time">When it was received (database time, UTC).</param>
/// <param name="Duration">Until it was answered: of a write, until after the commit.</param>
/// <param name="Route">The path with <c>{id}</c> for an id; null where there is no such endpoint.</param>
/// <param name="Detail">The sentence of the refusal, as the client got it.</param>
/// <param name="Connection">The name of the connection.</param>
/// <param name="Times">More than 1 for requests that were alike and came within a minute; the rest is told of the first.</param>
public sealed record RequestRecord(
    string Tenant, DateTimeOffset Time, TimeSpan Duration, string Method, string Path, string? Route, int Status, string? ScimType,
    string? Detail, string? ConnectionId, string? Connection, string? TokenId, string? TokenPrefix, string? Source, string? UserAgent,
    string RequestId, string? TraceId, long Times = 1)
{
    /// <summary>
    /// Whether it is counted rather than kept by itself: anybody can send requests without a valid token, and an overloaded client sends
    /// thousands, so they must not fill the disk.
    /// </summary>
    public bool IsCounted => Status is 401 or 429 || (Status >= 400 && TokenId is null);
}

/// <summary>Somebody read, searched or exported the audit, or administered.</summary>
/// <param name="ActorKind"><c>auditor</c> or <c>admin</c>.</param>
/// <param name="Filter">The query string, null if there was none.</param>
/// <param name="Format">The media type of the answer.</param>
/// <param name="Count">Entries or rows that were handed out, null where nothing is counted.</param>
public sealed record AccessRecord(
    string Tenant, DateTimeOffset Time, string ActorKind, string? ActorId, string ActorName, string? TokenPrefix, string Method, string Path,
    string? Filter, string? Format, int Status, long? Count, string? Source, string? UserAgent, string RequestId);
