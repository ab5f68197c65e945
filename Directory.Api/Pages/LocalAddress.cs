namespace Directory.Api.Pages;

/// <summary>An address to go on to that stays within this service, whatever a link has put into the query.</summary>
public static class LocalAddress
{
    /// <returns>The path with its query; the overview for anything else, such as another host.</returns>
    public static string Of(string? address) =>
        address is ['/', not ('/' or '\\'), ..] && !address.Any(char.IsControl) ? address : "/";
}
