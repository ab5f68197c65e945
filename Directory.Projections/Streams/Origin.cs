using System.Globalization;
using Directory.Domain;
using JasperFx.Events;
using Marten;

namespace Directory.Projections.Streams;

/// <summary>Who acts: a SCIM connection with the token it used, an administrator, or the service itself.</summary>
/// <param name="Kind"><c>scim</c>, <c>admin</c> or <c>system</c>.</param>
/// <param name="Id">The id of the connection or the account; null for the service itself.</param>
/// <param name="Name">What people call it.</param>
/// <param name="TokenId">The id of the token, null if none was used.</param>
/// <param name="TokenPrefix">The first characters of the token, which identify it and are not secret.</param>
public sealed record Actor(string Kind, string? Id, string Name, string? TokenId = null, string? TokenPrefix = null)
{
    public const string Scim = "scim", Admin = "admin", System = "system";

    public static readonly Actor Service = new(System, null, "Directory");
}

/// <summary>Which operation of a bulk request (RFC 7644 §3.7) caused an event.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, as sent.</param>
public sealed record BulkPlace(int Index, string Method, string Path)
{
    internal void Stamp(IEnumerable<IEvent> events)
    {
        foreach (var e in events)
        {
            e.SetHeader("bulk_index", Index.ToString(CultureInfo.InvariantCulture));
            e.SetHeader("bulk_method", Method);
            e.SetHeader("bulk_path", Path);
        }
    }
}

/// <summary>
/// Where a change comes from. It is written once per event as metadata, apart from the event's data: correlation id = trace, causation
/// id = request, user name = actor, the rest as headers.
/// </summary>
/// <param name="TenantId">The directory.</param>
/// <param name="RequestId">One id for all events that a request causes.</param>
/// <param name="TraceId">The W3C trace id (32 hex digits), null if there is none.</param>
/// <param name="BodyHash">SHA-256 of the request body in lower-case hex.</param>
/// <param name="Bulk">The operation, if the request is a bulk request.</param>
public sealed record Origin(
    string TenantId, Actor Actor, string RequestId, string? TraceId = null, string? Method = null, string? Path = null,
    string? IfMatch = null, string? BodyHash = null, string? SourceAddress = null, string? UserAgent = null, BulkPlace? Bulk = null)
{
    /// <summary>The headers that it is written to, in the order in which the database keeps them: the shorter name first.</summary>
    internal static readonly string[] HeaderNames =
    [
        "path", "method", "source", "actor_id", "if_match", "token_id", "bulk_path", "actor_kind", "bulk_index", "user_agent", "body_sha256",
        "bulk_method", "token_prefix",
    ];

    /// <summary>Stamps every event that the session will append.</summary>
    public void Stamp(IDocumentSession session)
    {
        session.CausationId = RequestId;
        session.CorrelationId = TraceId ?? "";
        session.LastModifiedBy = Actor.Name;
        foreach (var (key, value) in Headers()) session.SetHeader(key, value);
    }

    /// <summary>Stamps the events of one of several requests whose events a session will append together.</summary>
    public void StampEach(IEnumerable<IEvent> events)
    {
        foreach (var e in events)
        {
            e.CausationId = RequestId;
            e.CorrelationId = TraceId ?? "";
            e.UserName = Actor.Name;
            foreach (var (key, value) in Headers()) e.SetHeader(key, value);
        }
    }

    /// <summary>The origin of a stored event, or of one about to be stored.</summary>
    public static Origin Of(IEvent e) => new(
        e.TenantId,
        new Actor(Text(e, "actor_kind") ?? Actor.System, Text(e, "actor_id"), e.UserName ?? Actor.Service.Name,
            Text(e, "token_id"), Text(e, "token_prefix")),
        e.CausationId ?? "", string.IsNullOrEmpty(e.CorrelationId) ? null : e.CorrelationId, Text(e, "method"), Text(e, "path"),
        Text(e, "if_match"), Text(e, "body_sha256"), Text(e, "source"), Text(e, "user_agent"), BulkOf(e));

    /// <summary>What folding needs of a stored event, or of one about to be stored.</summary>
    public static EventStamp StampOf(IEvent e) => new(e.Version, e.Timestamp, e.Version == 1 && Text(e, "actor_kind") == Actor.Scim ? Text(e, "actor_id") : null);

    private static BulkPlace? BulkOf(IEvent e) => Text(e, "bulk_index") is { } index
        ? new BulkPlace(int.Parse(index, CultureInfo.InvariantCulture), Text(e, "bulk_method") ?? "", Text(e, "bulk_path") ?? "")
        : null;

    private IEnumerable<(string Key, string Value)> Headers()
    {
        (string, string?)[] all =
        [
            ("actor_kind", Actor.Kind), ("actor_id", Actor.Id), ("token_id", Actor.TokenId), ("token_prefix", Actor.TokenPrefix),
            ("method", Method), ("path", Path), ("if_match", IfMatch), ("body_sha256", BodyHash), ("source", SourceAddress),
            ("user_agent", UserAgent),
        ];
        foreach (var (key, value) in all)
            if (value is not null) yield return (key, value);
    }

    private static string? Text(IEvent e, string key) => e.Headers?.TryGetValue(key, out var value) == true ? value?.ToString() : null;
}
