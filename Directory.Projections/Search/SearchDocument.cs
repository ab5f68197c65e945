using System.Text.Json.Nodes;
using Directory.Domain.Scim.Schema;
namespace Directory.Projections.Search;
public static class SearchDocument { public static JsonObject Of(ResourceType type, JsonObject resource) => (JsonObject)resource.DeepClone(); }
