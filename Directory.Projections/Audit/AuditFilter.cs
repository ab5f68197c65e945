namespace Directory.Projections.Audit;

/// <summary>Which entries of the audit are asked for. What is null or empty restricts nothing; everything given must hold.</summary>
public sealed record AuditFilter
{
    /// <summary>Database time, inclusive.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Database time, exclusive.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The id of a user, a group or a provisioning stream.</summary>
    public Guid? Target { get; init; }

    /// <summary>The userName or displayName of the target as it was then, without regard to case.</summary>
    public string? TargetName { get; init; }

    public string? TargetType { get; init; }

    /// <summary>The name or id of the actor.</summary>
    public string? Actor { get; init; }

    public string? Action { get; init; }

    public string? RequestId { get; init; }
}
