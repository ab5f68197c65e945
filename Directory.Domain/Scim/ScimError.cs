namespace Directory.Domain.Scim;

/// <summary>
/// A refusal in the form of RFC 7644 §3.12: HTTP status, the optional <c>scimType</c> of table 9, and a sentence for a human.
/// Every status, scimType and sentence of the SCIM interface lives in this file. Details name attributes and places, and only
/// such values as the client itself has just sent and needs to see.
/// </summary>
public sealed record ScimError(int Status, string? ScimType, string Detail)
{
    /// <summary>After how many seconds it is worth trying again; null where nothing is known of that.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ScimError InvalidSyntax(string detail) => new(400, "invalidSyntax", detail);
    public static ScimError InvalidValue(string detail) => new(400, "invalidValue", detail);
    public static ScimError InvalidPath(string path, string reason) => new(400, "invalidPath", $"The path '{path}' is not valid: {reason}");
    public static ScimError NoTarget(string path) => new(400, "noTarget", $"The path '{path}' matches no value of this resource.");
    public static readonly ScimError RemoveWithoutPath = new(400, "noTarget", "A remove operation needs a path.");
    public static ScimError Mutability(string path) => new(400, "mutability", $"The attribute '{path}' cannot be changed by a client.");
    public static ScimError RequiredRemoved(string path) =>
        new(400, "mutability", $"The attribute '{path}' is required and cannot be removed.");
    public static ScimError Required(string path) => new(400, "invalidValue", $"The attribute '{path}' is required.");
    public static ScimError InvalidFilter(string detail) => new(400, "invalidFilter", detail);
    public static ScimError InvalidFilterAt(int position, string reason) =>
        new(400, "invalidFilter", $"The filter is not valid at position {position}: {reason}");
    public static ScimError TooMany(string detail) => new(400, "tooMany", detail);
    // RFC 9865 §2.1
    public static readonly ScimError InvalidCursor =
        new(400, "invalidCursor", "The cursor is not one of this query; begin again with an empty cursor.");
    public static ScimError ExpiredCursor(int timeoutSeconds) =>
        new(400, "expiredCursor", $"The cursor is older than {timeoutSeconds} s (cursorTimeout); begin again with an empty cursor.");
    public static readonly ScimError InvalidCount = new(400, "invalidCount", "With a cursor, 'count' must be a whole number above 0.");
    public static ScimError Uniqueness(string attribute, string value) =>
        new(409, "uniqueness", $"Another resource has the {attribute} '{value}' already; upper and lower case are not distinguished.");

    public static ScimError Unauthorized(string detail) => new(401, null, detail);
    public static ScimError Forbidden(string detail) => new(403, null, detail);
    public static ScimError ManagedByAnother(string type) =>
        new(403, null, $"The {type} is managed by another connection of this directory; only an administrator can release it.");
    public static ScimError NotTakenOver(string type) =>
        new(403, null, $"The {type} is local: a connection can take it over by PUT or PATCH, and delete it only afterwards.");
    public static ScimError ConsentNeeded(string type, string reason) => new(403, null, $"The {type} is local and not taken over yet: {reason}");
    public static ScimError NotFound(string type, string id) => new(404, null, $"There is no {type} with the id '{id}'.");
    public static ScimError NoEndpoint(string path) => new(404, null, $"There is no SCIM endpoint at '{path}'.");
    public static ScimError MethodNotAllowed(string method) => new(405, null, $"The method {method} is not supported at this endpoint.");
    public static ScimError ExternallyManaged(string type) =>
        new(409, null, $"The {type} is managed by a SCIM connection and can be changed only where that connection gets it from; release it first to change it here.");
    public static ScimError NotManaged(string type) => new(409, null, $"The {type} is local: no connection manages it.");
    public static ScimError Conflict(string detail) => new(409, null, detail);
    public static ScimError PreconditionFailed(string current) =>
        new(412, null, $"The resource has changed: its version is {current}, which If-Match does not name.");
    public static ScimError VersionExcluded(string current) =>
        new(412, null, $"The resource is at version {current}, which If-None-Match rules out.");
    public static ScimError PayloadTooLarge(long limit) => new(413, null, $"The request body is larger than {limit} bytes.");
    public static ScimError TooManyOperations(string detail) => new(413, "tooMany", detail);
    public static ScimError UnsupportedMediaType(string? mediaType) =>
        new(415, null, $"The media type '{mediaType ?? "none"}' is not supported; send application/scim+json or application/json in UTF-8.");
    public static ScimError TooManyRequests(int retryAfterSeconds) =>
        new(429, null, $"Too many requests at once; try again in {retryAfterSeconds} s.") { RetryAfterSeconds = retryAfterSeconds };
    public static ScimError Internal(string requestId) => new(500, null, $"The request failed on the server; its id is {requestId}.");
    public static ScimError NotImplemented(string detail) => new(501, null, detail);
    public static ScimError Unavailable(string detail) => new(503, null, detail);
    public static readonly ScimError SwitchedOff =
        new(404, null, "Provisioning by SCIM is switched off in this directory. What was provisioned stays as it is.");
    /// <summary>A pause lasts until an administrator has looked; a client that asks again every few minutes misses little.</summary>
    public static ScimError Paused(string what, string reason) =>
        new(503, null, $"{what} is paused: {reason}. An administrator must resume it.") { RetryAfterSeconds = 300 };
}

/// <summary>Carries a <see cref="ScimError"/> to the one handler that renders it.</summary>
public sealed class ScimException(ScimError error) : Exception(error.Detail)
{
    public ScimError Error { get; } = error;
}
