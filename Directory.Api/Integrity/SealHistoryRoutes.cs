using System.Text.Json.Nodes;
using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Projections.Integrity;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Integrity;

/// <summary>What has been sealed and verified, newest first.</summary>
public static class SealHistoryRoutes
{
    private const int Most = 1_000;

    /// <summary>The sealed blocks, newest first; <c>before</c> goes on from a number.</summary>
    [WolverineGet("/api/audit/integrity/blocks")]
    [Takes("count", "before")]
    [Answers("BlockList")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetBlocks(HttpContext context, SealHistory history, CancellationToken cancellation)
    {
        var given = new QueryParameters(context.Request.Query, "count", "before");
        var blocks = await history.Blocks(given.Number("before", 0), Count(given), cancellation);
        return AuditLists.Json(context, new JsonObject { ["blocks"] = new JsonArray([.. blocks.Select(IntegrityRoutes.Block)]) }, blocks.Count);
    }

    /// <summary>The checkpoints that the database knows of, newest first; those in other places are what a verification compares them with.</summary>
    [WolverineGet("/api/audit/integrity/checkpoints")]
    [Takes("count")]
    [Answers("CheckpointList")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetCheckpoints(HttpContext context, SealHistory history, CancellationToken cancellation)
    {
        var checkpoints = await history.Checkpoints(Count(new QueryParameters(context.Request.Query, "count")), cancellation);
        return AuditLists.Json(context, new JsonObject
        {
            ["checkpoints"] = new JsonArray([.. checkpoints.Select(c => JsonNode.Parse(c.ToLine()))]),
        }, checkpoints.Count);
    }

    /// <summary>What past verifications found, newest first.</summary>
    [WolverineGet("/api/audit/integrity/verifications")]
    [Takes("count")]
    [Answers("VerificationList")]
    [Authorize(Roles.AuditPolicy)]
    public static async Task<IResult> GetVerifications(HttpContext context, SealHistory history, CancellationToken cancellation)
    {
        var verifications = await history.Verifications(Count(new QueryParameters(context.Request.Query, "count")), cancellation);
        return AuditLists.Json(context, new { verifications }, verifications.Count);
    }

    private static int Count(QueryParameters given) => (int)Math.Min(given.Number("count", 1) ?? AuditParameters.DefaultCount, Most);
}
