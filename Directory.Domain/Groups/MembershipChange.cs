using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Patching;

namespace Directory.Domain.Groups;

/// <summary>
/// Works out who comes and who goes when operations on <c>members</c> are carried out one after the other. Only the difference to the
/// beginning counts: someone who is removed and added again in one request stayed.
/// </summary>
internal sealed class MembershipChange(MembershipFacts facts)
{
    private readonly Dictionary<Guid, Member> _members = new(facts.Current);

    public IReadOnlyList<Member> Added => [.. _members.Values.Where(m => !facts.Current.ContainsKey(m.Id))];

    public IReadOnlyList<Member> Removed => [.. facts.Current.Values.Where(m => !_members.ContainsKey(m.Id))];

    public bool IsEmpty => Added.Count == 0 && Removed.Count == 0;

    public void Add(IEnumerable<string> ids)
    {
        foreach (var id in ids) Add(id);
    }

    public void Replace(IEnumerable<string> ids)
    {
        _members.Clear();
        Add(ids);
    }

    /// <summary>Those of them who can be members: a restoration passes over who is gone and who contains the group by now.</summary>
    public void Add(IEnumerable<Guid> ids)
    {
        foreach (var id in ids)
            if ((facts.Current.GetValueOrDefault(id) ?? facts.Known.GetValueOrDefault(id)) is { } member && !facts.Above.Contains(id))
                _members.TryAdd(id, member);
    }

    public void Remove(IEnumerable<Guid> ids)
    {
        foreach (var id in ids) _members.Remove(id);
    }

    public void Replace(IEnumerable<Guid> ids)
    {
        _members.Clear();
        Add(ids);
    }

    public void Apply(ResolvedOperation operation)
    {
        if (operation.SubAttribute is { } sub) throw new ScimException(ScimError.Mutability($"members.{sub.Name}"));
        switch (operation.Op)
        {
            case ChangeOperation.Add when operation.Filter is null:
                Add(Ids(operation.Value));
                break;
            case ChangeOperation.Replace when operation.Filter is null:
                Replace(Ids(operation.Value));
                break;
            case ChangeOperation.Remove:
                Remove(operation);
                break;
            default: // the sub-attributes of a member are immutable (RFC 7643 §4.2): a member is added or removed, never edited
                throw new ScimException(ScimError.Mutability("members"));
        }
    }

    private void Add(string text)
    {
        if (!Guid.TryParseExact(text, "D", out var id) || !(facts.Known.TryGetValue(id, out var member) || _members.TryGetValue(id, out member)))
            throw new ScimException(ScimError.InvalidValue($"There is no user and no group with the id '{text}', so it cannot be a member."));
        if (facts.Above.Contains(id))
            throw new ScimException(ScimError.InvalidValue($"The group '{text}' contains this group already; a group cannot contain itself."));
        // Whoever was a member at the beginning is the same membership still, under the name it was added with.
        _members.TryAdd(id, facts.Current.GetValueOrDefault(id) ?? member);
    }

    private void Remove(ResolvedOperation operation)
    {
        if (operation.Value is not null)
        {
            foreach (var text in Ids(operation.Value))
                if (Guid.TryParseExact(text, "D", out var id) && (operation.Filter is null || Matches(operation.Filter, id)))
                    _members.Remove(id);
        }
        else
        {
            foreach (var id in _members.Keys.ToList())
                if (operation.Filter is null || Matches(operation.Filter, id))
                    _members.Remove(id);
        }
    }

    private bool Matches(ScimFilter filter, Guid id) =>
        _members.TryGetValue(id, out var member) && FilterEvaluator.MatchesElement(filter, new JsonObject
        {
            ["value"] = member.Id.ToString(),
            ["type"] = member.Type,
            ["display"] = member.Display ?? member.Name,
        });

    private static IEnumerable<string> Ids(JsonNode? value) => value switch
    {
        JsonArray array => array.Select(element => (string?)element?["value"] ?? ""),
        JsonObject element => [(string?)element["value"] ?? ""],
        _ => [],
    };
}
