using System.Text.Json.Nodes;

namespace Directory.Tests.Api.Sequences;

/// <summary>A request, the status that the model foresees, and what it does to the model if it is accepted.</summary>
/// <param name="Apply">Takes the id that the service gave, null where it gave none.</param>
public sealed record Request(
    string Method, string Path, JsonObject? Body, int Status, Action<string?> Apply, Precondition? Condition = null);

/// <summary>An If-Match header and whether it holds.</summary>
public sealed record Precondition(string? IfMatch, bool Holds)
{
    /// <summary>The refusal that comes before all others; null if there is none.</summary>
    public int? Status(bool exists) => !exists ? 404 : Holds ? null : 412;
}
