using Directory.Domain.Groups;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Replay;

/// <summary>Something that is left as it is, and why.</summary>
/// <param name="Path">The attribute, null when it is about the whole resource or a member.</param>
/// <param name="Member">The member, null when it is not about one.</param>
/// <param name="Reason">
/// <c>changedLater</c>, <c>createdInWindow</c>, <c>deletedLater</c>, <c>cannotBeMember</c>, or the scimType of a refusal:
/// <c>uniqueness</c>, <c>refused</c>.
/// </param>
/// <param name="Detail">A sentence for a human.</param>
/// <param name="Entry">The entry that stands in the way, null if there is none.</param>
public sealed record NotUndone(
    string Type, Guid Id, string Name, string? Path, PastMember? Member, string Reason, string Detail, EntryLine? Entry);

/// <summary>
/// What it takes to undo what a connection did to one user or group. Taken back is what nobody has changed since, by the events:
/// whoever changed it later meant it. If the later change led back to where it was there is nothing to take back.
/// </summary>
public sealed class UndoPlan
{
    private readonly TouchedTarget _target;
    private readonly ChangeRuns _runs;
    private readonly MemberRuns _members = new();
    private readonly List<NotUndone> _left = [];

    private UndoPlan(TouchedTarget target, ResourceType type) => (_target, _runs) = (target, new ChangeRuns(type));

    public TouchedTarget Target => _target;

    public string Name { get; private set; } = "";

    /// <summary>The version before the first change of the window.</summary>
    public long FromVersion { get; private set; }

    /// <summary>The deletion that is to be taken back, null if there is none.</summary>
    public EntryLine? Deletion { get; private set; }

    public IReadOnlyList<AttributeChange> Changes { get; private set; } = [];

    public IReadOnlyDictionary<Guid, MemberRun> Members => _members.All;

    public IReadOnlyList<NotUndone> Left => _left;

    /// <param name="type">The resource type of the target.</param>
    /// <param name="target">The user or group.</param>
    /// <param name="entries">Everything that happened to it since the window began, in order.</param>
    public static UndoPlan Of(ResourceType type, TouchedTarget target, IEnumerable<ConnectionEntry> entries)
    {
        var plan = new UndoPlan(target, type);
        foreach (var entry in entries)
        {
            plan.Name = entry.Line.Target.Name;
            if (entry.Ours) plan.Follow(entry);
            else plan.Yield(entry);
            if (plan._left is [.., { Reason: "createdInWindow" or "deletedLater" }]) return plan;
        }

        // The last first: what was removed before something else was added comes back after that is gone.
        plan.Changes = [.. plan._runs.Net.Reverse().Select(Reversal.Of)];
        return plan;
    }

    private void Follow(ConnectionEntry entry)
    {
        if (FromVersion == 0) FromVersion = entry.Line.Target.Version - 1;
        switch (entry.Line.Action)
        {
            case "create":
                Leave(null, "createdInWindow", "It was created in this window; undoing that would delete it, which is not done here.", entry);
                return;
            case "delete":
                Deletion = entry.Line;
                break;
        }

        foreach (var change in entry.Changes) _runs.Continue(change);
        _members.Continue(entry.Members, entry.Line.Action == "members.add");
    }

    private void Yield(ConnectionEntry entry)
    {
        if (FromVersion == 0) return; // the connection had not begun yet
        switch (entry.Line.Action)
        {
            case "delete":
                Leave(null, "deletedLater", $"It was deleted later by {entry.Line.Actor.Name}.", entry);
                return;
            case "restore":
                Deletion = null;
                break;
        }

        foreach (var change in entry.Changes)
            if (_runs.End(change) is { ChangesNothing: false } run && !ValueEquality.Same(run.Before, change.After))
                Leave(change.Path, "changedLater", $"{change.Path} was changed later by {entry.Line.Actor.Name}.", entry);
        _members.End(entry.Members); // a later coming or going is the way back already
    }

    private void Leave(string? path, string reason, string detail, ConnectionEntry entry) =>
        _left.Add(new NotUndone(_target.Type, _target.Id, Name, path, null, reason, detail, entry.Line));
}
