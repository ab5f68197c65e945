using Directory.Domain.Scim.Entitlements;
using Directory.Domain.Scim.Schema;

namespace Directory.Api.Hosting;

/// <summary>
/// The files that <c>Directory:SchemaFile</c> and <c>Directory:EntitlementsFile</c> name, see docs/custom-schemas.md and
/// docs/entitlements.md.
/// </summary>
public static class SchemaFile
{
    /// <param name="path">The file, relative to the working directory; null when there is none.</param>
    /// <param name="entitlements">Its resource types are announced beside users and groups.</param>
    /// <exception cref="SettingException">The file cannot be read, or holds mistakes: names the file and all of them.</exception>
    public static SchemaRegistry Load(string? path, EntitlementCatalog? entitlements = null) =>
        new(path is null ? [] : Read(nameof(DirectorySettings.SchemaFile), path, CustomSchemas.Load), entitlements?.ResourceTypes);

    /// <param name="path">The file, relative to the working directory; null when there is none.</param>
    /// <exception cref="SettingException">The file cannot be read, or holds mistakes: names the file and all of them.</exception>
    public static EntitlementCatalog LoadEntitlements(string? path) =>
        path is null ? EntitlementCatalog.Empty : Read(nameof(DirectorySettings.EntitlementsFile), path, EntitlementCatalog.Load);

    private static T Read<T>(string setting, string path, Func<string, T> load)
    {
        try
        {
            return load(File.ReadAllText(path));
        }
        catch (Exception e) when (e is SchemaFileException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SettingException($"{DirectorySettings.Section}:{setting} names '{path}', which cannot be used. {e.Message}");
        }
    }
}
