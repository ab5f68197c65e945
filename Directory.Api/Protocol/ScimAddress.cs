using Directory.Api.Hosting;
using Directory.Domain.Scim.Schema;

namespace Directory.Api.Protocol;

/// <summary>
/// The base URL of the SCIM interface as clients reach it: the configured public address, which a forged Host header cannot change,
/// else what the request was sent to.
/// </summary>
public sealed record ScimAddress(string BaseUrl)
{
    public const string Path = "/api/scim/v2";

    public static ScimAddress Of(HttpContext context)
    {
        var request = context.Request;
        var root = context.RequestServices.GetRequiredService<DirectorySettings>().PublicUrl
            ?? $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase}";
        return new ScimAddress(root + Path);
    }

    public string Resource(ResourceType type, Guid id) => $"{BaseUrl}{type.Endpoint}/{id}";
}
