using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Integrity;
using Directory.Domain.Scim;
using Directory.Projections.Integrity;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Integrity;

/// <summary>How the seal stands, and the proof that a single event is under it. The texts that are hashed: docs/verification-format.md.</summary>
public static class IntegrityRoutes
{
    private const string Tail =
        "Events that are not sealed yet are protected by the roles of the database only. What the seal proves and what it cannot: docs/integrity.md.";

    /// <summary>How the seal stands, and what the last verification found.</summary>
    [WolverineGet("/api/audit/integrity")]
    [Answers("IntegrityStatus")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> Get(
        IntegrityQuery integrity, SealState state, TimeProvider clock, CancellationToken cancellation)
    {
        var status = await integrity.Status(cancellation);
        return Results.Json(new JsonObject
        {
            ["lastBlock"] = status.Head is { } head ? Block(head) : null,
            ["keyFingerprint"] = status.Head?.Block.KeyId,
            ["unsealed"] = status.Unsealed,
            ["sealAgeSeconds"] = Math.Round(status.Age(clock.GetUtcNow()).TotalSeconds, 3),
            ["lastVerification"] = status.Verification,
            ["conflict"] = state.Conflict,
            ["note"] = Tail,
        });
    }

    /// <summary>
    /// The proof that a single event is under the seal; 404 for a number that is not sealed, or is that of an event of another directory.
    /// </summary>
    [WolverineGet("/api/audit/integrity/entries/{sequence}")]
    [Answers("Inclusion")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetEntry(
        string sequence, HttpContext context, IntegrityQuery integrity, CancellationToken cancellation)
    {
        var inclusion = long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await integrity.Find(context.Tenant(), number, cancellation)
            : null;
        if (inclusion is null) throw new ScimException(new ScimError(404, null, $"There is no sealed entry {sequence}. {Tail}"));
        return Results.Json(new JsonObject
        {
            ["kind"] = inclusion.Event is null ? "gap" : "event",
            ["first"] = inclusion.First,
            ["last"] = inclusion.Through,
            ["event"] = inclusion.Event is { } e ? Event(e) : null,
            ["salt"] = Hex(inclusion.Salt),
            ["commitment"] = Hex(inclusion.Commitment),
            ["payloadErased"] = inclusion.Event is not null && inclusion.Salt is null,
            ["leaf"] = Hex(inclusion.Leaf),
            ["index"] = inclusion.Index,
            ["proof"] = new JsonArray([.. inclusion.Proof.Select(h => (JsonNode)Hex(h)!)]),
            ["block"] = Block(inclusion.Block),
            ["publicKey"] = inclusion.PublicKey,
        });
    }

    private static JsonObject Event(EventRecord e) => new()
    {
        ["sequence"] = e.Sequence,
        ["id"] = e.Id,
        ["tenant"] = e.Tenant,
        ["type"] = e.Type,
        ["streamId"] = e.StreamId,
        ["version"] = e.Version,
        ["time"] = Time(e.Time),
        ["payload"] = System.Text.Encoding.UTF8.GetString(e.Payload.Canonical()),
    };

    internal static JsonObject Block(BlockRow row) => new()
    {
        ["number"] = row.Block.Number,
        ["first"] = row.Block.First,
        ["last"] = row.Block.Last,
        ["leaves"] = row.Block.Leaves,
        ["root"] = Hex(row.Block.Root),
        ["previous"] = Hex(row.Block.Previous),
        ["signedAt"] = Time(row.Block.SignedAt),
        ["keyId"] = row.Block.KeyId,
        ["hash"] = Hex(row.Hash),
        ["signature"] = Convert.ToBase64String(row.Signature),
    };

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string? Hex(byte[]? bytes) => bytes is null ? null : Convert.ToHexStringLower(bytes);
}
