using System.Globalization;
using Directory.Api.Hosting;

namespace Directory.Api.Integrity;

/// <summary>
/// The settings below <c>Directory:Integrity:</c>. A file that is not named lies below the data folder, in a folder of the
/// installation's own: <c>integrity/{installation}/signing-key.pem</c> and <c>checkpoints.jsonl</c>.
/// </summary>
/// <param name="Folder">Where the files are that are not named.</param>
/// <param name="KeyFile">The private key (PKCS #8, PEM); null: below <paramref name="Folder"/>.</param>
/// <param name="CheckpointFile">Where checkpoints are kept; null: below <paramref name="Folder"/>.</param>
/// <param name="SealInterval">The longest that a settled event waits for its seal.</param>
/// <param name="SealEvents">How many events are sealed at once without waiting for that.</param>
/// <param name="CheckpointInterval">How often a checkpoint goes to the file.</param>
public sealed record IntegritySettings(
    string Folder, string? KeyFile, string? CheckpointFile, TimeSpan SealInterval, long SealEvents, TimeSpan CheckpointInterval)
{
    public const string Section = "Directory:Integrity";

    /// <exception cref="InvalidOperationException">A setting is unusable; says which and why.</exception>
    public static IntegritySettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return new IntegritySettings(
            configuration["Directory:DataFolder"] is { Length: > 0 } folder ? folder : ClusterFolder.Default(),
            Text(section, "KeyFile"), Text(section, "CheckpointFile"),
            TimeSpan.FromSeconds(Number(section, "SealSeconds", 5)), Number(section, "SealEvents", 1000),
            TimeSpan.FromSeconds(Number(section, "CheckpointSeconds", 60)));
    }

    /// <param name="installation">The id of the installation, so that two on one machine do not share files.</param>
    public string KeyPath(string installation) => KeyFile ?? Path.Combine(Folder, "integrity", installation, "signing-key.pem");

    public string CheckpointPath(string installation) => CheckpointFile ?? Path.Combine(Folder, "integrity", installation, "checkpoints.jsonl");

    private static string? Text(IConfigurationSection section, string name) => section[name] is { Length: > 0 } text ? text : null;

    private static int Number(IConfigurationSection section, string name, int otherwise)
    {
        if (section[name] is not { Length: > 0 } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new InvalidOperationException($"{Section}:{name} must be a whole number above 0, and is '{text}'.");
    }
}
