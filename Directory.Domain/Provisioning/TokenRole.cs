namespace Directory.Domain.Provisioning;

/// <summary>What the holder of a token may do, and what such a token looks like.</summary>
public static class TokenRole
{
    public const string Provisioner = "provisioner", Auditor = "auditor", Admin = "admin";

    /// <summary>The kinds of token as <see cref="BearerToken"/> spells them.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["scim", "audit", "admin"];

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    public static string OfKind(string kind) => kind switch
    {
        "scim" => Provisioner,
        "audit" => Auditor,
        "admin" => Admin,
        _ => throw new ArgumentException($"There is no token of the kind '{kind}'.", nameof(kind)),
    };

    public static string KindOf(string role) => role switch
    {
        Provisioner => "scim",
        Auditor => "audit",
        Admin => "admin",
        _ => throw new ArgumentException($"There is no role '{role}'.", nameof(role)),
    };
}
