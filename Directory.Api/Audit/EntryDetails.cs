using System.Text.Json.Nodes;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Integrity;
using Directory.Projections.Replay;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Audit;

/// <summary>One entry of the audit with all that belongs to it.</summary>
/// <param name="Event">The event as it is stored; JSON text.</param>
/// <param name="OfRequest">What else the same request did, this entry included; 100 at most.</param>
/// <param name="Seal">The block it is sealed in, null while it waits for its seal.</param>
public sealed record EntryDetail(ReplayStep Step, string Event, IReadOnlyList<EntryLine> OfRequest, Inclusion? Seal);

/// <summary>Puts together what is known of a single event.</summary>
public sealed class EntryDetails(ReplayEntries entries, IntegrityQuery integrity)
{
    private const int MostOfRequest = 100;

    /// <exception cref="ScimException">404.</exception>
    public async Task<EntryDetail> Find(string tenant, string text, CancellationToken cancellation)
    {
        if (!Guid.TryParseExact(text, "D", out var id)
            || await entries.Step(tenant, id, cancellation) is not { } step || await entries.Event(tenant, id, cancellation) is not { } stored)
            throw new ScimException(new ScimError(404, null, $"There is no entry '{text}' in the audit."));
        var request = step.Entry.RequestId;
        return new EntryDetail(
            step, stored, request is null ? [] : await entries.OfRequest(tenant, request, MostOfRequest, cancellation),
            await integrity.Find(tenant, step.Entry.Sequence, cancellation));
    }
}

/// <summary>A single entry over HTTP.</summary>
public static class EntryRoute
{
    /// <summary>An entry with its request as it was sent, the event as it is stored, what else the request did, and its seal.</summary>
    [WolverineGet("/api/audit/entries/{id}")]
    [Answers("EntryDetail")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> Get(string id, HttpContext context, EntryDetails details, CancellationToken cancellation)
    {
        var detail = await details.Find(context.Tenant(), id, cancellation);
        return AuditLists.Json(context, new JsonObject
        {
            ["entry"] = JsonNode.Parse(detail.Step.EntryJson),
            ["request"] = JsonNode.Parse(detail.Step.Request),
            ["event"] = JsonNode.Parse(detail.Event),
            ["ofRequest"] = ReplayJson.Node(detail.OfRequest),
            ["seal"] = detail.Seal is { } seal
                ? new JsonObject
                {
                    ["block"] = seal.Block.Block.Number,
                    ["signedAt"] = ScimDateTime.Format(seal.Block.Block.SignedAt),
                    ["proof"] = $"/api/audit/integrity/entries/{detail.Step.Entry.Sequence}",
                }
                : null,
        }, 1);
    }
}
