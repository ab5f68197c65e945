using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Projections.Replay;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Admin;

/// <summary>
/// Undoes what a connection did in a window, by new events under one request id; what somebody changed later is left and listed. The
/// preview tells the same and changes nothing. Body: <c>{"from":"…","to":"…"}</c>, <c>to</c> by default the present.
/// </summary>
public static class UndoRoutes
{
    /// <summary>
    /// Undoes what a connection did in a period, by new events under one request id; what somebody changed later is left and listed.
    /// </summary>
    [WolverinePost("/api/admin/connections/{id}/undo")]
    [Reads("UndoRequest")]
    [Answers("UndoReport")]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> Undo(string id, HttpContext context, ConnectionUndo undo, Replay replay, CancellationToken cancellation) =>
        Run(id, context, undo, replay, Outcome.Append, cancellation);

    /// <summary>What undoing would do; changes nothing.</summary>
    [WolverinePost("/api/admin/connections/{id}/undo/preview")]
    [Reads("UndoRequest")]
    [Answers("UndoReport")]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> Preview(string id, HttpContext context, ConnectionUndo undo, Replay replay, CancellationToken cancellation) =>
        Run(id, context, undo, replay, Outcome.Preview, cancellation);

    private static async Task<IResult> Run(
        string id, HttpContext context, ConnectionUndo undo, Replay replay, Outcome outcome, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, AdminBody.Limit, cancellation);
        AdminBody.DemandOnly(body.Json, "from", "to");
        var window = Window(AdminBody.Text(body.Json, "from"), AdminBody.Text(body.Json, "to"), replay.Now);
        var origin = context.Origin(body.Hash);
        var report = await undo.Run(origin, id, window, new SentRequest(body.Json.DeepClone()), outcome, cancellation);
        return ReplayJson.Result(new
        {
            preview = outcome == Outcome.Preview,
            origin.RequestId,
            connection = id,
            window.From,
            window.To,
            report.Undone,
            report.NotUndone,
        });
    }

    /// <exception cref="ScimException">400.</exception>
    internal static Period Window(string? from, string? to, DateTimeOffset now)
    {
        if (from is null) throw new ScimException(ScimError.InvalidValue("'from' is missing: the instant to begin at."));
        var window = new Period(
            ReplayParameters.Instant("from", from, now), string.IsNullOrEmpty(to) ? now : ReplayParameters.Instant("to", to, now));
        return window.From < window.To ? window : throw new ScimException(ScimError.InvalidValue("'from' must be earlier than 'to'."));
    }
}
