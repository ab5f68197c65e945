using Directory.Domain.Scim.Schema;

namespace Directory.Api.Protocol;

/// <summary>
/// The base URL of the SCIM interface as clients reach it: the configured public address, else what the request was sent to.
/// </summary>
public sealed record ScimAddress(string BaseUrl)
{
    public const string Path = "/api/scim/v2";

    /// <summary>Set once at the start from <c>Directory:PublicUrl</c>; a forged Host header then changes no address in an answer.</summary>
    public static string? PublicUrl { get; set; }

    public static ScimAddress Of(HttpRequest request) =>
        new((PublicUrl ?? $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase}") + Path);

    public string Resource(ResourceType type, Guid id) => $"{BaseUrl}{type.Endpoint}/{id}";
}
