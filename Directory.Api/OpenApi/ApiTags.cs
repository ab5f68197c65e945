using Directory.Api.Protocol;

namespace Directory.Api.OpenApi;

/// <summary>The chapters of the description.</summary>
public static class ApiTags
{
    public static readonly IReadOnlyList<(string Name, string Description)> All =
    [
        ("SCIM", "SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865) for an identity provider. Token of a connection."),
        ("Audit", "What happened, when, by whom: search, tail, export, request log, reports. Token of an auditor. Nothing is changed."),
        ("Replay", "Users, groups and memberships as they were at any version or instant. Token of an auditor."),
        ("Integrity", "The seal over the history. Token of an auditor."),
        ("Administration", "The switch, connections, tokens; restoring, undoing, previews, erasing. Token of an administrator; every act is an event."),
        ("Health", "For load balancers and supervisors; no token."),
    ];

    public static string Of(string path) =>
        path.StartsWith(ScimAddress.Path, StringComparison.Ordinal) ? "SCIM"
        : path.StartsWith("/api/admin", StringComparison.Ordinal) ? "Administration"
        : path.StartsWith("/api/audit/integrity", StringComparison.Ordinal) ? "Integrity"
        : path.StartsWith("/health", StringComparison.Ordinal) ? "Health"
        : path.Contains("{id}", StringComparison.Ordinal) && !path.EndsWith("timeline", StringComparison.Ordinal) ? "Replay"
        : "Audit";
}
