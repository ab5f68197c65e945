using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Api.Admin;
using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain;
using Directory.Domain.Scim;
using Directory.Projections.Adoption;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Adoption;

/// <summary>Consent to connections that take over local users and groups. Shapes: docs/local-users.md.</summary>
public static class AdoptionRoutes
{
    private const string Setting = "/api/admin/adoption", Requests = "/api/admin/adoptions";

    /// <summary>Tells whether an administrator must consent before a connection takes over a local user or group.</summary>
    [WolverineGet(Setting)]
    [Answers("AdoptionSetting")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Get(HttpContext context, AdoptionStream adoptions, CancellationToken cancellation) =>
        ReplayJson.Result(new { consentRequired = await adoptions.IsConsentRequired(context.Tenant(), cancellation) });

    /// <summary>Sets whether an administrator must consent before a connection takes over a local user or group.</summary>
    [WolverinePut(Setting)]
    [Reads("AdoptionSettingRequest")]
    [Answers("AdoptionSetting")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> Put(HttpContext context, AdoptionStream adoptions, CancellationToken cancellation)
    {
        var body = await ScimBody.Read(context.Request, AdminBody.Limit, cancellation);
        AdminBody.DemandOnly(body.Json, "consentRequired");
        if (body.Json["consentRequired"]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            throw new ScimException(ScimError.InvalidValue("'consentRequired' must be true or false."));
        var required = AdminBody.Flag(body.Json, "consentRequired");
        var changed = await adoptions.RequireConsent(context.Origin(body.Hash), required, cancellation);
        return ReplayJson.Result(new { consentRequired = required, changed });
    }

    /// <summary>Lists the connections that asked to take over something and were not let, newest first.</summary>
    [WolverineGet(Requests)]
    [Takes("adoptionAnswer", "count")]
    [Answers("AdoptionList")]
    [Authorize(Roles.AdminPolicy)]
    public static async Task<IResult> List(HttpContext context, AdoptionStream adoptions, CancellationToken cancellation)
    {
        var query = new QueryParameters(context.Request.Query, "answer", "count");
        var answer = query.OneOf("answer", AdoptionRequest.Pending, AdoptionRequest.Consented, AdoptionRequest.Declined);
        var count = (int)Math.Min(query.Number("count", 1) ?? AuditParameters.DefaultCount, AuditParameters.MaximumCount);
        return ReplayJson.Result(new { adoptions = await adoptions.Requests(context.Tenant(), answer, count, cancellation) });
    }

    /// <summary>Consents: the connection's next PUT or PATCH takes over the user or group.</summary>
    [WolverinePost(Requests + "/{id}/consent")]
    [Answers("Adoption")]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> Consent(string id, HttpContext context, AdoptionStream adoptions, CancellationToken cancellation) =>
        Answer(id, true, context, adoptions, cancellation);

    /// <summary>Declines: the connection is refused until an administrator consents.</summary>
    [WolverinePost(Requests + "/{id}/decline")]
    [Answers("Adoption")]
    [Refuses(StatusCodes.Status409Conflict)]
    [Authorize(Roles.AdminPolicy)]
    public static Task<IResult> Decline(string id, HttpContext context, AdoptionStream adoptions, CancellationToken cancellation) =>
        Answer(id, false, context, adoptions, cancellation);

    private static async Task<IResult> Answer(
        string text, bool consent, HttpContext context, AdoptionStream adoptions, CancellationToken cancellation)
    {
        if (!Guid.TryParseExact(text, "D", out var id)) throw new ScimException(ScimError.NotFound("adoption", text));
        return ReplayJson.Result(await adoptions.Answer(context.Origin(), id, consent, SentRequest.None, cancellation));
    }
}
