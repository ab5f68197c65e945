using System.Text.Json.Nodes;

namespace Directory.Projections.Streams;

/// <summary>The <c>body</c> column: a resource as ResourceWriter wrote it.</summary>
internal static class StoredBody
{
    /// <summary>The attributes a decision works on: the body without what the server adds.</summary>
    public static JsonObject Attributes(string body)
    {
        var attributes = (JsonObject)JsonNode.Parse(body)!;
        attributes.Remove("schemas");
        attributes.Remove("id");
        attributes.Remove("meta");
        return attributes;
    }
}
