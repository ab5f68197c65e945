using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Directory.Domain.Scim;

namespace Directory.Domain.Provisioning;

/// <summary>What is set for a directory as a whole.</summary>
/// <param name="TokenDays">For how many days a token is good that is issued without saying until when.</param>
/// <param name="SilentHours">After how many hours without a request a connection is said to be silent; 0: never.</param>
public sealed record ProvisioningSettings(int TokenDays, int SilentHours)
{
    public const int MostDays = 3_650, MostHours = 8_760;

    public static readonly ProvisioningSettings Default = new(365, 24);

    [JsonIgnore]
    public bool IsPossible => TokenDays is >= 1 and <= MostDays && SilentHours is >= 0 and <= MostHours;

    /// <summary>The changes that lead to the other settings; their paths are the names in camel case.</summary>
    public IReadOnlyList<AttributeChange> ChangesTo(ProvisioningSettings other) =>
    [
        .. Change("tokenDays", TokenDays, other.TokenDays),
        .. Change("silentHours", SilentHours, other.SilentHours),
    ];

    public ProvisioningSettings With(AttributeChange change) => change.Path switch
    {
        "tokenDays" => this with { TokenDays = (int)change.After! },
        "silentHours" => this with { SilentHours = (int)change.After! },
        _ => this,
    };

    private static AttributeChange[] Change(string path, JsonNode before, JsonNode after) =>
        JsonNode.DeepEquals(before, after) ? [] : [AttributeChange.Of(path, before, after)];
}
