using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;

namespace Directory.Domain.Groups;

/// <summary>
/// What a command wants to know about members. It is asked before the group is loaded, in the same round trip, and may ask for more
/// than is needed but never for less: every id that stands in the command, and all members where one by one will not do.
/// </summary>
public static partial class MembershipQuestions
{
    public static MembershipQuestion Of(GroupCommand command) => command switch
    {
        CreateGroup c => new MembershipQuestion(false, Ids(c.Members)),
        ReplaceGroup c => new MembershipQuestion(true, Ids(c.Members)),
        PatchGroup c => Of(c.Operations),
        RestoreGroup { Members: { } members } => new MembershipQuestion(true, members.ToHashSet()),
        ExtendLocalGroup c => new MembershipQuestion(false, c.Members.ToHashSet()),
        UndoGroup c => new MembershipQuestion(false, c.Add.Concat(c.Remove).ToHashSet()),
        _ => MembershipQuestion.Nothing,
    };

    private static MembershipQuestion Of(IReadOnlyList<PatchOperation> operations)
    {
        var all = false;
        var ids = new HashSet<Guid>();
        foreach (var operation in operations)
        {
            all |= NeedsAll(operation);
            if (operation.Path is { } path)
                foreach (Match match in UuidText().Matches(path))
                    ids.Add(Guid.Parse(match.Value));
            Collect(operation.Value, ids);
        }

        return new MembershipQuestion(all, ids);
    }

    /// <summary>
    /// All but three forms: an add, <c>members[value eq "…"]</c>, and a remove with a list of values, which name the members they
    /// mean.
    /// </summary>
    private static bool NeedsAll(PatchOperation operation)
    {
        if (operation.Op == ChangeOperation.Add && operation.Path?.Contains('[') != true) return false;
        if (operation.Path is null) return operation.Value is JsonObject value && value.Any(p => IsMembers(p.Key));
        if (!IsMembers(operation.Path)) return false;
        if (OneMember().IsMatch(operation.Path)) return false;
        return operation.Op != ChangeOperation.Remove || operation.Path.Contains('[') || operation.Value is null;
    }

    private static bool IsMembers(string path) => path.Contains("members", StringComparison.OrdinalIgnoreCase);

    private static void Collect(JsonNode? value, HashSet<Guid> ids)
    {
        switch (value)
        {
            case JsonObject json:
                foreach (var (_, child) in json) Collect(child, ids);
                break;
            case JsonArray array:
                foreach (var child in array) Collect(child, ids);
                break;
            case JsonValue text when text.TryGetValue<string>(out var s) && Guid.TryParseExact(s, "D", out var id):
                ids.Add(id);
                break;
        }
    }

    private static HashSet<Guid> Ids(IReadOnlyList<string> members)
    {
        var ids = new HashSet<Guid>(members.Count);
        foreach (var member in members)
            if (Guid.TryParseExact(member, "D", out var id)) ids.Add(id);
        return ids;
    }

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")]
    private static partial Regex UuidText();

    [GeneratedRegex("""^[^\[]*members\[\s*value\s+eq\s+"[^"\\]*"\s*\]$""", RegexOptions.IgnoreCase)]
    private static partial Regex OneMember();
}
