namespace Directory.Projections.Audit;

/// <summary>Which entries of the audit are asked for. What is null restricts nothing; everything given must hold.</summary>
public sealed record AuditFilter
{
    /// <summary>Database time, inclusive.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Database time, exclusive.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Sequence numbers, both inclusive.</summary>
    public long? FromSequence { get; init; }

    public long? ToSequence { get; init; }

    /// <summary>The name or id of the actor, or its kind: <c>scim</c>, <c>admin</c>, <c>system</c>.</summary>
    public string? Actor { get; init; }

    /// <summary>The id of a SCIM connection.</summary>
    public Guid? Connection { get; init; }

    /// <summary>The id of a token, or its first characters.</summary>
    public string? Token { get; init; }

    /// <summary>Such as <c>deactivate</c> or <c>members.add</c>; see <see cref="AuditAction"/>.</summary>
    public string? Action { get; init; }

    /// <summary>The storage name of an event, such as <c>user_patched</c>.</summary>
    public string? EventType { get; init; }

    /// <summary>The id of a user, a group or a provisioning stream.</summary>
    public Guid? Target { get; init; }

    /// <summary><c>user</c>, <c>group</c> or <c>provisioning</c>.</summary>
    public string? TargetType { get; init; }

    /// <summary>The userName or displayName of the target as it was then, without regard to case.</summary>
    public string? TargetName { get; init; }

    /// <summary>The externalId of the target as it was then.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The id of a group.</summary>
    public Guid? Group { get; init; }

    /// <summary>The id of a user or group that was added to a group or removed from one.</summary>
    public Guid? Member { get; init; }

    /// <summary>An attribute that was changed: <c>title</c>, <c>name.givenName</c>, <c>name</c> with all below it, or with its URN.</summary>
    public string? Attribute { get; init; }

    /// <summary><c>success</c> or <c>failure</c>. Entries are about what was done; what was refused is in the request log.</summary>
    public string? Outcome { get; init; }

    /// <summary>The scimType of a refusal; no entry has one.</summary>
    public string? ScimType { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The address that a request came from.</summary>
    public string? Source { get; init; }

    /// <summary>Words of the target's name or of the sentence, each by its beginning and all of them, without regard to case.</summary>
    public string? Text { get; init; }

    /// <summary>Whether requests that changed nothing are shown.</summary>
    public bool IncludeNoOps { get; init; } = true;

    /// <summary>Asked for what was refused: nothing in the audit is.</summary>
    public bool AsksForRefusals => Outcome == "failure" || ScimType is not null;
}
