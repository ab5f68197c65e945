using System.Text.Json.Nodes;
using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Entitlements;
using Directory.Domain.Scim.Schema;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Entitlements;

/// <summary>/Roles and /Entitlements, which Okta reads to learn what it can assign; 404 where nothing is configured.</summary>
public static class EntitlementRoutes
{
    /// <summary>The roles that can be assigned; 404 where none is configured.</summary>
    [WolverineGet(ScimAddress.Path + "/Roles")]
    [Answers("ResourceList")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetRoles(HttpContext context, EntitlementCatalog catalog) => List(context, EntitlementSchemas.Role, catalog.Roles);

    /// <summary>One role that can be assigned.</summary>
    [WolverineGet(ScimAddress.Path + "/Roles/{id}")]
    [Answers("Entitlement")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetRole(string id, HttpContext context, EntitlementCatalog catalog) =>
        One(id, context, EntitlementSchemas.Role, catalog.Roles);

    /// <summary>The entitlements that can be assigned; 404 where none is configured.</summary>
    [WolverineGet(ScimAddress.Path + "/Entitlements")]
    [Answers("ResourceList")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetEntitlements(HttpContext context, EntitlementCatalog catalog) =>
        List(context, EntitlementSchemas.Entitlement, catalog.Entitlements);

    /// <summary>One entitlement that can be assigned.</summary>
    [WolverineGet(ScimAddress.Path + "/Entitlements/{id}")]
    [Answers("Entitlement")]
    [Authorize(Roles.ScimPolicy)]
    public static IResult GetEntitlement(string id, HttpContext context, EntitlementCatalog catalog) =>
        One(id, context, EntitlementSchemas.Entitlement, catalog.Entitlements);

    private static EntitlementList List(HttpContext context, ResourceType type, IReadOnlyList<JsonObject> resources)
    {
        DemandConfigured(context, resources);
        return EntitlementList.Of(context, type, resources);
    }

    private static IResult One(string id, HttpContext context, ResourceType type, IReadOnlyList<JsonObject> resources)
    {
        DemandConfigured(context, resources);
        var resource = resources.FirstOrDefault(r => (string?)r["id"] == id) ?? throw new ScimException(ScimError.NotFound(type.Name, id));
        var json = context.Shape(type).Apply(EntitlementList.Complete(resource, type, ScimAddress.Of(context)));
        return new EntitlementList(json);
    }

    private static void DemandConfigured(HttpContext context, IReadOnlyList<JsonObject> resources)
    {
        if (resources.Count == 0) throw new ScimException(ScimError.NoEndpoint(context.Request.Path));
    }
}
