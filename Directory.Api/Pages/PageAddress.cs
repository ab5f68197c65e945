using Microsoft.AspNetCore.WebUtilities;

namespace Directory.Api.Pages;

/// <summary>Addresses of pages, from the root.</summary>
public static class PageAddress
{
    /// <summary>A path with a query; what is null or empty is left out.</summary>
    public static string Of(string path, params IEnumerable<(string Name, string? Value)> query) => QueryHelpers.AddQueryString(
        path, query.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => KeyValuePair.Create(p.Name, p.Value)));

    /// <summary>The page that is shown, with some parameters of its query replaced.</summary>
    public static string With(HttpContext context, params (string Name, string? Value)[] replaced) => Of(
        "/" + context.Request.Path.Value!.TrimStart('/'),
        context.Request.Query.Where(p => replaced.All(r => r.Name != p.Key)).Select(p => (p.Key, (string?)p.Value.ToString())).Concat(replaced));
}
