using System.Text.Json.Serialization;

namespace Directory.Domain.Provisioning;

/// <summary>
/// How many deactivations and deletions of users and groups one connection may send within a stretch of time. The one that would be
/// too many is not applied, and the connection waits for an administrator.
/// </summary>
/// <param name="Changes">So many are let through, 1 to <see cref="MostChanges"/>.</param>
/// <param name="Minutes">Within any stretch of so many minutes, 1 to <see cref="MostMinutes"/>.</param>
public sealed record MassChangeBrake(int Changes, int Minutes)
{
    public const int MostChanges = 1_000_000, MostMinutes = 7 * 24 * 60;

    /// <summary>What a connection gets that an administrator sets up without saying anything else.</summary>
    public static readonly MassChangeBrake Usual = new(200, 60);

    [JsonIgnore]
    public bool IsPossible => Changes is >= 1 and <= MostChanges && Minutes is >= 1 and <= MostMinutes;

    public override string ToString() => $"{Changes} deactivations and deletions in {Minutes} min";
}
