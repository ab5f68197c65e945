using Directory.Api.Auth;
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

    [WolverineGet(Path)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Get() => throw NoSubject();

    [WolverinePost(Path)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Post() => throw NoSubject();

    [WolverinePut(Path)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Put() => throw NoSubject();

    [WolverinePatch(Path)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Patch() => throw NoSubject();

    [WolverineDelete(Path)]
    [Authorize(Roles.ScimPolicy)]
    public static IResult Delete() => throw NoSubject();

    private static ScimException NoSubject() =>
        new(ScimError.NotImplemented("The token belongs to a connection and not to a user, so /Me stands for no resource."));
}
