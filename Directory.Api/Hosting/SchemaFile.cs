using Directory.Domain.Scim.Schema;

namespace Directory.Api.Hosting;

/// <summary>The file that <c>Directory:SchemaFile</c> names, see docs/custom-schemas.md.</summary>
public static class SchemaFile
{
    /// <param name="path">The file, relative to the working directory; null when there is none.</param>
    /// <exception cref="SettingException">The file cannot be read, or holds mistakes: names the file and all of them.</exception>
    public static SchemaRegistry Load(string? path)
    {
        if (path is null) return SchemaRegistry.Default;
        try
        {
            return new SchemaRegistry(CustomSchemas.Load(File.ReadAllText(path)));
        }
        catch (Exception e) when (e is SchemaFileException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SettingException(
                $"{DirectorySettings.Section}:{nameof(DirectorySettings.SchemaFile)} names '{path}', which cannot be used. {e.Message}");
        }
    }
}
