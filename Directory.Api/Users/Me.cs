using Directory.Api.Auth;
using Directory.Api.OpenApi;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace Directory.Api.Users;

/// <summary>
/// /Me (RFC 7644 §3.11). A token belongs to a connection, and no user is its subject, so there is nothing that the alias could stand
/// for: "A service provider that does NOT support this feature SHOULD respond with HTTP status code 501".
/// </summary>
public static class Me
{
    private const string Path = ScimAddress.Path + "/Me";

    /// <summary>Refused: no user is the subject of a token (RFC 7644 §3.11).</summary>
    [WolverineGet(Path)]
    [Answers("ScimError", StatusCodes.Status501NotImplemented)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Get() => throw NoSubject();

    /// <summary>Refused as GET is.</summary>
    [WolverinePost(Path)]
    [Answers("ScimError", StatusCodes.Status501NotImplemented)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Post() => throw NoSubject();

    /// <summary>Refused as GET is.</summary>
    [WolverinePut(Path)]
    [Answers("ScimError", StatusCodes.Status501NotImplemented)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Put() => throw NoSubject();

    /// <summary>Refused as GET is.</summary>
    [WolverinePatch(Path)]
    [Answers("ScimError", StatusCodes.Status501NotImplemented)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Patch() => throw NoSubject();

    /// <summary>Refused as GET is.</summary>
    [WolverineDelete(Path)]
    [Answers("ScimError", StatusCodes.Status501NotImplemented)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Delete() => throw NoSubject();

    private static ScimException NoSubject() =>
        new(ScimError.NotImplemented("The token belongs to a connection and not to a user, so /Me stands for no resource."));
}
