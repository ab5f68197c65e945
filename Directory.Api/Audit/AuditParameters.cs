using Directory.Domain.Provisioning;
using Directory.Projections.Audit;

namespace Directory.Api.Audit;

/// <summary>What a request for entries asks for.</summary>
/// <param name="Count">Entries of a page.</param>
/// <param name="Cursor">Where to go on.</param>
/// <param name="After">Tail mode: a sequence number.</param>
/// <param name="Follow">Tail mode that does not end.</param>
public sealed record AuditParameters(AuditFilter Filter, int? Count, string? Cursor, long? After, bool Follow)
{
    public const int DefaultCount = 100, MaximumCount = 1_000;

    private static readonly string[] Names =
    [
        "since", "until", "fromSequence", "toSequence", "actor", "connection", "token", "action", "eventType", "target", "targetType",
        "targetName", "externalId", "group", "member", "attribute", "outcome", "scimType", "requestId", "source", "text", "includeNoOps",
        "count", "cursor", "after", "follow",
    ];

    /// <exception cref="Domain.Scim.ScimException">400 invalidValue.</exception>
    public static AuditParameters Read(IQueryCollection query)
    {
        var given = new QueryParameters(query, Names);
        var (since, until) = given.Period("since", "until");
        var filter = new AuditFilter
        {
            Since = since,
            Until = until,
            FromSequence = given.Number("fromSequence", 0),
            ToSequence = given.Number("toSequence", 0),
            Actor = given.Text("actor"),
            Connection = given.Id("connection"),
            Token = Token(given.Text("token")),
            Action = given.OneOf("action", AuditAction.All),
            EventType = given.OneOf("eventType", Projections.DirectoryStore.EventNames.Values),
            Target = given.Id("target"),
            TargetType = given.OneOf("targetType", AuditAction.User, AuditAction.Group, AuditAction.Provisioning, AuditAction.Administrators),
            TargetName = given.Text("targetName"),
            ExternalId = given.Text("externalId"),
            Group = given.Id("group"),
            Member = given.Id("member"),
            Attribute = given.Text("attribute"),
            Outcome = given.OneOf("outcome", "success", "failure"),
            ScimType = given.Text("scimType"),
            RequestId = given.Text("requestId"),
            Source = given.Text("source"),
            Text = given.Text("text"),
            IncludeNoOps = given.Flag("includeNoOps") ?? true,
        };
        if (filter.Text is { } words && !words.Any(char.IsLetterOrDigit)) throw QueryParameters.Refused("'text' must have a letter or a digit.");
        var (after, follow) = (given.Number("after", 0), given.Flag("follow") ?? false);
        var (count, cursor) = ((int?)given.Number("count", 1), given.Text("cursor"));
        if (after is not null && cursor is not null) throw QueryParameters.Refused("Give either 'after' or 'cursor'.");
        if (follow && after is null) throw QueryParameters.Refused("'follow' needs 'after', the sequence number to begin behind.");
        return new AuditParameters(filter, count is { } n ? Math.Min(n, MaximumCount) : null, cursor, after, follow);
    }

    /// <summary>Whoever gives a whole token means its first characters, and it is compared by nothing else.</summary>
    private static string? Token(string? token) =>
        token is null || Guid.TryParseExact(token, "D", out _) ? token : BearerToken.Prefix(token) is { Length: > 0 } prefix && token.StartsWith("directory_", StringComparison.Ordinal) ? prefix : token;
}
