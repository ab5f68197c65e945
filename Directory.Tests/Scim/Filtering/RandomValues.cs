using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Tests.Scim.Filtering;

/// <summary>The few values that random resources and filters share: near misses in case, normalisation, order and escaping.</summary>
internal static class RandomValues
{
    public const string BaseUrl = "https://directory.example.com/scim/v2";

    public static readonly string[] Texts =
    [
        "Alice", "alice", "ALICE", "al", "bob", "Bob Smith", "straße", "STRASSE", "\uFB01le", "file", "İstanbul", "istanbul", "ΣΊΣΥΦΟΣ", "σίσυφος",
        "é", "e\u0301", "ＡＢＣ", "abc", "100%", "a_b", "a\\b", "a%b", "\"quoted\"", "it's", "x' OR '1'='1", "\uE000", "\uFFFD", "😀", "😀a", "\U00010400",
        "work", "home", "Work", "user", "group", "direct", "indirect", "", "\uD7FF", "\uDBFF\uDFFF", "tab\there", "z",
    ];

    public static readonly Guid[] Ids =
    [
        .. Enumerable.Range(0, 24).Select(i => new Guid(string.Create(CultureInfo.InvariantCulture, $"{i * 11 % 16:x}{i:x7}-00{i:x2}-4000-8000-0000000000{i:x2}"))),
    ];

    private static readonly decimal[] Numbers = [-1m, 0m, 1m, 2m, 10m, 1.5m, 1.50m, 79228162514264337593543950335m, 0.000001m];

    private static readonly string[] Times =
    [
        "2011-05-13T04:42:34Z", "2011-05-13T06:42:34+02:00", "2011-05-13T04:42:34.000001Z", "2011-05-13T04:42:34.0000019Z", "0001-01-02T00:00:00Z",
        "9999-12-31T23:59:59.999999Z", "2024-02-29T12:00:00.5Z", "2024-02-29T12:00:00",
    ];

    private static readonly string[] Base64 = ["QUJD", "qujd", "AAEC", "MIIB"];

    public static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>A stored value of a simple attribute.</summary>
    public static JsonNode Stored(Random random, AttributeDefinition leaf) => leaf.Type switch
    {
        AttributeType.Boolean => random.Next(2) == 0,
        AttributeType.Integer => JsonValue.Create((long)Pick(random, Numbers.Where(n => n == decimal.Truncate(n) && n < 1000).ToArray())),
        AttributeType.Decimal => JsonNode.Parse(Pick(random, Numbers).ToString(CultureInfo.InvariantCulture))!,
        AttributeType.DateTime => Pick(random, Times),
        AttributeType.Binary => Pick(random, Base64),
        _ => Pick(random, Texts),
    };

    public static DateTimeOffset Instant(Random random) => ScimDateTime.TryParse(Pick(random, Times), out var instant) ? instant : default;

    /// <summary>Something to compare the attribute with; <paramref name="part"/> makes it a fragment now and then.</summary>
    public static ComparisonValue Operand(Random random, AttributeReference attribute, bool part) => attribute.Leaf.Type switch
    {
        AttributeType.Boolean => new ComparisonValue.Truth(random.Next(2) == 0),
        AttributeType.Integer or AttributeType.Decimal => new ComparisonValue.Number(Pick(random, Numbers)),
        AttributeType.DateTime => new ComparisonValue.Time(Instant(random)),
        AttributeType.Binary => new ComparisonValue.Text(Fragment(random, Pick(random, Base64), part)),
        _ => new ComparisonValue.Text(Fragment(random, Pick(random, Candidates(random, attribute)), part)),
    };

    private static IReadOnlyList<string> Candidates(Random random, AttributeReference attribute)
    {
        var id = Pick(random, Ids).ToString();
        return (attribute.Attribute.Name, attribute.SubAttribute?.Name) switch
        {
            ("id", _) or ("members" or "groups", "value") => [id, id, id, id.ToUpperInvariant(), "2819c223", "alice"],
            (_, "$ref") or (_, "location") => [$"{BaseUrl}/Users/{id}", $"{BaseUrl}/Groups/{id}", $"/Users/{id}", id],
            (_, "version") => ["W/\"1\"", "W/\"3\"", "W/\"03\"", "W/\"12\"", "3", "W/"],
            (_, "resourceType") => ["User", "Group", "user"],
            ("members" or "groups", "type") => ["User", "group", "Group", "direct", "Indirect", "x"],
            ("schemas", _) => [ScimUrns.User, ScimUrns.EnterpriseUser, ScimUrns.Group, BadgeExtension.Urn],
            _ => Texts,
        };
    }

    private static string Fragment(Random random, string text, bool part)
    {
        if (!part || text.Length < 2 || random.Next(3) == 0) return text;
        var (start, length) = random.Next(3) switch
        {
            0 => (0, random.Next(text.Length)),
            1 => (random.Next(text.Length), text.Length),
            _ => (random.Next(text.Length), random.Next(text.Length)),
        };
        var fragment = text.Substring(start, Math.Min(length, text.Length - start));
        return fragment.Any(char.IsSurrogate) ? text : fragment;
    }
}
