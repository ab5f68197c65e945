using System.Text.RegularExpressions;

namespace Directory.Api.Requests;

/// <summary>
/// Recognises the requests by which identity providers try a connection out: Okta asks for two users and nothing else, Entra looks for a
/// user by a random GUID, which is nobody's name.
/// </summary>
public static partial class ConnectionTestRequest
{
    /// <returns><c>okta</c>, <c>entra</c>, or null for any other request.</returns>
    public static string? ClientOf(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) || request.QueryString.Value is not { Length: > 0 } query) return null;
        if (request.Path.Value?.EndsWith("/Users", StringComparison.OrdinalIgnoreCase) != true) return null;
        return query is "?startIndex=1&count=2" or "?count=2&startIndex=1" ? "okta"
            : RandomLookup().IsMatch(query) ? "entra"
            : null;
    }

    [GeneratedRegex(
        "^\\?filter=\\w+(%20|\\+)eq(%20|\\+)(%22|\")[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(%22|\")(&|$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RandomLookup();
}
