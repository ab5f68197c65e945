using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Npgsql;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>A row of the event table.</summary>
public sealed record RawEvent(long Sequence, string Stream, long Version, string Type, DateTimeOffset Time, JsonObject Data, Guid Id);

/// <summary>
/// The history folded from the rows of the event table, by nothing of the product: states are sets of (path, value), memberships are
/// sets of pairs, replayed one event at a time.
/// </summary>
public sealed class RawHistory(IReadOnlyList<RawEvent> events)
{
    public IReadOnlyList<RawEvent> Events => events;

    public static async Task<RawHistory> Load(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select seq_id, stream_id, version, type, timestamp, data::text, id from mt_events order by seq_id");
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var events = new List<RawEvent>();
        while (await row.ReadAsync())
            events.Add(new RawEvent(
                row.GetInt64(0), row.GetGuid(1).ToString(), row.GetInt64(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4),
                JsonNode.Parse(row.GetString(5))!.AsObject(), row.GetGuid(6)));
        return new RawHistory(events);
    }

    /// <summary>The (path, value) pairs of a user or group at a version, each as often as it is there.</summary>
    public List<(string Path, string Value)> Attributes(string stream, long version)
    {
        var state = new List<(string Path, string Value)>();
        foreach (var e in events.Where(e => e.Stream == stream && e.Version <= version))
        {
            if (e.Data["attributes"] is JsonObject created) state.AddRange(Flatten(created));
            foreach (var change in e.Data["changes"] as JsonArray ?? [])
            {
                if (change!["before"] is { } before) state.Remove(((string)change["path"]!, Canonical(before)));
                if (change["after"] is { } after) state.Add(((string)change["path"]!, Canonical(after)));
            }
        }

        return state;
    }

    /// <summary>Who was in which group after the events up to an instant, as (group, member).</summary>
    public HashSet<(string Group, string Member)> Memberships(DateTimeOffset instant)
    {
        var pairs = new HashSet<(string Group, string Member)>();
        foreach (var e in events.Where(e => e.Time <= instant)) Apply(pairs, e);
        return pairs;
    }

    /// <summary>The members of a group at one version of it.</summary>
    public HashSet<string> MembersAtVersion(string group, long version)
    {
        var last = events.Single(e => e.Stream == group && e.Version == version).Sequence;
        var pairs = new HashSet<(string Group, string Member)>();
        foreach (var e in events.Where(e => e.Sequence <= last)) Apply(pairs, e);
        return [.. pairs.Where(p => p.Group == group).Select(p => p.Member)];
    }

    /// <summary>Everyone within a group, through groups in it.</summary>
    public static HashSet<string> Within(HashSet<(string Group, string Member)> pairs, string group)
    {
        var within = new HashSet<string>();
        var open = new Stack<string>([group]);
        while (open.TryPop(out var next))
            foreach (var (_, member) in pairs.Where(p => p.Group == next))
                if (within.Add(member))
                    open.Push(member);
        return within;
    }

    public static IEnumerable<(string Path, string Value)> Flatten(JsonObject attributes)
    {
        foreach (var (name, value) in attributes)
            if (name.StartsWith("urn:", StringComparison.Ordinal))
                foreach (var (path, text) in Flatten(value!.AsObject()))
                    yield return ($"{name}:{path}", text);
            else if (value is JsonObject complex)
                foreach (var (sub, text) in complex)
                    yield return ($"{name}.{sub}", Canonical(text!));
            else if (value is JsonArray array)
                foreach (var element in array)
                    yield return (name, Canonical(element!));
            else
                yield return (name, Canonical(value!));
    }

    public static string Canonical(JsonNode node) => node switch
    {
        JsonObject json => $"{{{string.Join(',', json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{Canonical(p.Value!)}"))}}}",
        JsonArray array => $"[{string.Join(',', array.Select(e => Canonical(e!)))}]",
        _ => node.ToJsonString(),
    };

    private static void Apply(HashSet<(string Group, string Member)> pairs, RawEvent e)
    {
        switch (e.Type)
        {
            case "group_members_added":
                foreach (var member in e.Data["members"]!.AsArray()) pairs.Add((e.Stream, (string)member!["id"]!));
                break;
            case "group_members_removed":
                foreach (var member in e.Data["members"]!.AsArray()) pairs.Remove((e.Stream, (string)member!["id"]!));
                break;
            case "user_deleted" or "group_deleted":
                pairs.RemoveWhere(p => p.Group == e.Stream || p.Member == e.Stream);
                break;
        }
    }
}
