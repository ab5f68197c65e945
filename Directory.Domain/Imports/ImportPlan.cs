using System.Text.Json.Nodes;

namespace Directory.Domain.Imports;

/// <summary>A user that an import makes.</summary>
public sealed record PlannedUser(Guid Id, JsonObject Attributes, IReadOnlyList<string> Withheld);

/// <summary>A group that an import makes, or a local one that it adds members to.</summary>
/// <param name="Exists">The directory has it already.</param>
/// <param name="Attributes">Of a group that is made.</param>
/// <param name="Members">Who is to be in it, in the order of the file.</param>
public sealed record PlannedGroup(Guid Id, bool Exists, JsonObject Attributes, IReadOnlyList<Guid> Members);

/// <summary>What an import would do.</summary>
/// <param name="Users">Those to be made, in the order of the file.</param>
/// <param name="UsersThere">How many the directory has by their userName already; they stay as they are.</param>
/// <param name="Groups">In an order in which a group comes after those that are in it.</param>
/// <param name="GroupsThere">How many of the file's groups the directory has already.</param>
/// <param name="Errors">In the order of lines; with any of them nothing is to be done.</param>
public sealed record ImportPlan(
    IReadOnlyList<PlannedUser> Users, int UsersThere, IReadOnlyList<PlannedGroup> Groups, int GroupsThere, IReadOnlyList<ImportError> Errors)
{
    public int GroupsMade => Groups.Count(g => !g.Exists);

    /// <summary>Memberships that the file names, of which some may be there already.</summary>
    public long Memberships => Groups.Sum(g => (long)g.Members.Count);
}
