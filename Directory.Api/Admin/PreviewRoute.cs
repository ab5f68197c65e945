using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Audit;
using Directory.Projections.Replay;
using Directory.Projections.Streams;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Admin;

/// <summary>
/// What a SCIM request would do: <c>{"method":"PATCH","path":"/Users/…","body":{…},"ifMatch":"…"}</c>. Nothing is appended. A request that
/// would be refused is told with its SCIM error, and is no failure of the preview: the answer is 200 then too.
/// </summary>
public static class PreviewRoute
{
    /// <summary>
    /// What a SCIM write would do; nothing is appended. A request that would be refused is told with its SCIM error, and the answer is 200
    /// then too.
    /// </summary>
    [WolverinePost("/api/admin/preview")]
    [Reads("PreviewRequest")]
    [Answers("Preview")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Preview(HttpContext context, WritePreview preview, Replay replay, CancellationToken cancellation)
    {
        var sent = await ScimBody.Read(context.Request, AdminBody.Limit, cancellation);
        AdminBody.DemandOnly(sent.Json, "method", "path", "body", "ifMatch");
        var method = AdminBody.Text(sent.Json, "method")?.ToUpperInvariant() ?? throw Missing("method");
        var path = AdminBody.Text(sent.Json, "path") ?? throw Missing("path");
        var precondition = Precondition.Parse(AdminBody.Text(sent.Json, "ifMatch"));
        var origin = context.Origin(sent.Hash);
        try
        {
            var body = sent.Json["body"] as JsonObject
                ?? (method == "DELETE" ? [] : throw new ScimException(ScimError.InvalidSyntax("The body must be a JSON object.")));
            sent.Json.Remove("body");
            var write = await preview.Run(origin, method, Segments(path), body, precondition, cancellation);
            return ReplayJson.Result(Told(write, origin, replay));
        }
        catch (ScimException refusal)
        {
            return ReplayJson.Result(new { outcome = "refused", status = refusal.Error.Status, error = Error(refusal.Error) });
        }
    }

    private static object Told(ForeseenWrite write, Origin origin, Replay replay)
    {
        var entries = write.Events.Select(e => ForeseenEvent.Tell(replay.Users, replay.Groups, origin, e)).ToList();
        var isCreation = write.Before is null;
        return new
        {
            outcome = "success",
            write.Status,
            changesNothing = entries.All(e => e.IsNoOp),
            events = entries.Select(e => new
            {
                e.Action,
                e.Sentence,
                noOp = e.IsNoOp,
                e.Changes,
                members = e.Members.Count == 0 ? null : MemberList.Of([.. e.Members]),
            }),
            before = write.Before?.Representation,
            after = write.After is null or { IsDeleted: true } ? null : After(write.After, isCreation),
        };
    }

    /// <summary>What a creation would be given is not known yet.</summary>
    private static JsonObject After(PastResource resource, bool isCreation)
    {
        var after = resource.Representation;
        if (isCreation) after.Remove("id");
        after.Remove("meta");
        return after;
    }

    /// <summary>The path below the base URL; the base URL or its path may stand before it.</summary>
    private static string[] Segments(string path)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0) path = path[..query];
        var start = path.IndexOf(ScimAddress.Path, StringComparison.OrdinalIgnoreCase);
        if (start >= 0) path = path[(start + ScimAddress.Path.Length)..];
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    private static ScimException Missing(string name) => new(ScimError.InvalidValue($"'{name}' is missing."));

    private static JsonObject Error(ScimError error)
    {
        var json = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.Error),
            ["status"] = error.Status.ToString(CultureInfo.InvariantCulture),
        };
        if (error.ScimType is not null) json["scimType"] = error.ScimType;
        json["detail"] = error.Detail;
        return json;
    }
}
