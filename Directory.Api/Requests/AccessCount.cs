using Directory.Domain.Provisioning;

namespace Directory.Api.Requests;

/// <summary>A feature of the request: how many entries or rows it handed out.</summary>
public sealed record AccessCount(long Rows);

/// <summary>The query string as the log of accesses keeps it.</summary>
public static class AccessQueryText
{
    private const int Longest = 2_048, LongestWord = 64;

    /// <summary>A value that could be a whole token is cut to the characters that identify it.</summary>
    public static string Of(HttpRequest request)
    {
        var text = string.Join('&', request.Query.Where(p => p.Key != "cursor").SelectMany(
            p => p.Value.Select(v => $"{p.Key}={(IsSecret(p.Key, v ?? "") ? BearerToken.Prefix(v!) + "…" : v)}")));
        return text.Length <= Longest ? text : text[..Longest];
    }

    private static bool IsSecret(string name, string value) =>
        name.Contains("token", StringComparison.OrdinalIgnoreCase) && !Guid.TryParse(value, out _) && value.Length > 0
        || value.Contains("directory_", StringComparison.Ordinal) && value.Length is > 20 and <= LongestWord;
}
