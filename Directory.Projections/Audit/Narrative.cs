using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Directory.Domain.Groups;
using Directory.Domain.Imports;
using Directory.Domain.Scim;

namespace Directory.Projections.Audit;

/// <summary>Tells an audit entry as one sentence that a human understands. Values come from outside: whoever shows it escapes it.</summary>
public static partial class Narrative
{
    private const int MostPhrases = 3, LongestValue = 60;

    public static string Tell(AuditEntry entry)
    {
        var (who, whom) = (entry.Origin.Actor.Name, entry.Target.Name);
        return Sentence(entry, who, whom) + Discarded(entry.Withheld);
    }

    private static string Sentence(AuditEntry entry, string who, string whom) =>
        entry.Action switch
        {
            "create" => $"{who} created {whom}",
            "deactivate" => $"{who} deactivated {whom}",
            "reactivate" => $"{who} reactivated {whom}",
            "delete" => $"{who} deleted {whom}",
            "restore" when entry.Changes.Count > 0 => $"{who} restored {whom}: {Join([.. entry.Changes.Select(Phrase)])}",
            "restore" => $"{who} restored {whom}",
            "erase" => $"{who} erased what was known of the user {entry.Event.StreamId}",
            "adopt" => $"{who} took over {whom}, which was known before",
            "adoption.consent" => $"{who} consented to the taking over of {whom}",
            "adoption.decline" => $"{who} declined the taking over of {whom}",
            "release" => $"{who} released {whom} from the connection that managed it",
            "adoption.require" => $"{who} demanded that an administrator consents before a connection takes over a local user or group",
            "adoption.waive" => $"{who} let connections take over local users and groups without asking",
            "import" when entry.Event.Data is ImportCompleted import => Import(who, whom, import),
            "members.add" => $"{who} added {Names(entry.Members)} to {whom}",
            "members.remove" => $"{who} removed {Names(entry.Members)} from {whom}",
            "replace" or "patch" when entry.IsNoOp => $"{who} sent {whom} again; nothing changed",
            "replace" or "patch" => $"{who} {Join([.. entry.Changes.Select(c => Phrase(c) + (entry.IsOmitted(c) ? " (cleared because omitted from PUT)" : ""))])} of {whom}",
            "administrator.sign-in" => $"{whom} signed in",
            "administrator.sign-in.refuse" => $"Sign-in was refused: {whom}",
            "administrator.lock-out" => $"Sign-in of {whom} was locked for a while after too many failures",
            "administrator.password" => $"{who} changed the password of {whom}",
            _ => ProvisioningStory.Sentence(who, whom, entry.Event.Data),
        };

    private static string Import(string who, string whom, ImportCompleted import) =>
        $"{who} imported {import.UsersCreated} users, {import.GroupsCreated} groups and {import.MembersAdded} memberships from {whom}"
        + (import.UsersThere == 0 ? "" : $"; {import.UsersThere} users were there already") + Discarded(import.Withheld);

    private static string Discarded(IReadOnlyList<string> secrets) => secrets.Count == 0 ? "" : $"; the {Join(secrets)} it supplied was discarded";

    private static string Phrase(AttributeChange change)
    {
        var (label, element) = Label(change);
        var article = element ? "the " : "";
        return change.Op switch
        {
            ChangeOperation.Add when element => $"added the {label} {Value(change.After)}",
            ChangeOperation.Add => $"set {label} to {Value(change.After)}",
            ChangeOperation.Remove => $"removed {article}{label} {Value(change.Before)}",
            _ => $"changed {article}{label} from {Value(change.Before)} to {Value(change.After)}",
        };
    }

    /// <summary>An element of a multi-valued attribute is called by its type: "work phone number".</summary>
    private static (string Label, bool IsElement) Label(AttributeChange change)
    {
        var path = change.Path;
        if (path.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)) path = path[(path.LastIndexOf(':') + 1)..];
        var element = (change.After ?? change.Before) as JsonObject;
        if (element is null) return (path, false);
        return (element["type"] is JsonValue type ? $"{type} {Singular(path)}" : Singular(path), true);
    }

    /// <summary><c>phoneNumbers</c> → phone number, <c>addresses</c> → address.</summary>
    private static string Singular(string attribute)
    {
        var words = CapitalLetter().Replace(attribute, m => " " + m.Value.ToLowerInvariant());
        return words.EndsWith("sses", StringComparison.Ordinal) ? words[..^2]
            : words.EndsWith('s') ? words[..^1]
            : words;
    }

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex CapitalLetter();

    private static string Value(JsonNode? value)
    {
        var text = value switch
        {
            JsonObject complex => (complex["value"] ?? complex["formatted"] ?? complex["display"] ?? complex).ToString(),
            _ => value?.ToString() ?? "",
        };
        if (text.Length > LongestValue) text = text[..LongestValue] + "…";
        return $"\"{text}\"";
    }

    private static string Names(IReadOnlyList<Member> members) => Join([.. members.Select(m => m.Name)]);

    private static string Join(IReadOnlyList<string> parts) => parts.Count switch
    {
        0 => "nothing",
        1 => parts[0],
        <= MostPhrases => $"{string.Join(", ", parts.Take(parts.Count - 1))} and {parts[^1]}",
        _ => $"{string.Join(", ", parts.Take(MostPhrases))} and {parts.Count - MostPhrases} more",
    };
}
