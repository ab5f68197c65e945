using System.Text.Json.Nodes;
using Directory.Domain.Groups;
using Directory.Domain.Scim;

namespace Directory.Domain.Imports;

/// <summary>
/// Works out what an import would do, and everything that is wrong with it: within a record, between records, and against the directory.
/// Pure: what must be known of the directory comes as <see cref="ImportFacts"/>, new ids come from the caller.
/// </summary>
public sealed class ImportCheck
{
    private const int DeepestNesting = 200;

    private readonly ImportFacts _facts;
    private readonly RecordReader _reader;
    private readonly Func<Guid> _newId;
    private readonly List<ImportError> _errors = [];
    private readonly List<PlannedUser> _users = [];
    private readonly Dictionary<string, (Guid Id, int Line)> _usersByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImportedGroup> _groupsByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Guid Id, ImportedGroup? Group)> _bySourceId = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, ImportedGroup> _groups = [];
    private int _usersThere;

    private ImportCheck(RecordReader reader, ImportFacts facts, Func<Guid> newId) => (_reader, _facts, _newId) = (reader, facts, newId);

    /// <param name="records">In the order of the file.</param>
    public static ImportPlan Run(RecordReader reader, IReadOnlyList<ImportedRecord> records, ImportFacts facts, Func<Guid> newId)
    {
        var check = new ImportCheck(reader, facts, newId);
        foreach (var record in records) check._errors.AddRange(record.Errors);
        var groups = records.Where(r => r.Type == Member.Group).Select(r => (Record: r, Group: check.Group(r))).ToList();
        foreach (var record in records.Where(r => r.Type == Member.User)) check.User(record);
        foreach (var (record, group) in groups)
            if (group is not null) check.Members(record, group);
        var ordered = check.InnermostFirst();
        return new ImportPlan(
            check._users, check._usersThere, ordered, check._groups.Values.Count(g => g.Known is not null),
            [.. check._errors.OrderBy(e => e.Line)]);
    }

    private void User(ImportedRecord record)
    {
        if (record.Name.Length == 0) return;
        var key = CaseFolding.Fold(record.Name);
        if (_usersByName.TryGetValue(key, out var earlier))
        {
            _errors.Add(new ImportError(record.Line, "userName", $"The userName '{record.Name}' stands on line {earlier.Line} already; upper and lower case are not distinguished."));
            return;
        }

        var isThere = _facts.Users.TryGetValue(key, out var id);
        if (!isThere) id = _newId();
        _usersByName[key] = (id, record.Line);
        Remember(record, id, null);
        if (isThere) _usersThere++;
        else if (record.Errors.Count == 0) _users.Add(new PlannedUser(id, record.Attributes, record.Withheld));
        foreach (var link in record.Links.Where(l => l.Reference.Length > 0)) Join(record, link.Reference, id);
    }

    /// <summary>Puts a user into a group that the file or the directory has, or else into one that is made for it.</summary>
    private void Join(ImportedRecord record, string name, Guid user)
    {
        var key = CaseFolding.Fold(name);
        if (!_groupsByName.TryGetValue(key, out var group))
        {
            var known = _facts.Groups.GetValueOrDefault(key);
            var read = _reader.Read(record.Line, new JsonObject { ["displayName"] = name }, _reader.Groups, []);
            _errors.AddRange(read.Errors.Select(e => e with { Attribute = "groups" }));
            group = Add(key, record.Line, read, known);
        }

        Add(record.Line, "groups", group, user);
    }

    private ImportedGroup? Group(ImportedRecord record)
    {
        if (record.Name.Length == 0) return null;
        var key = CaseFolding.Fold(record.Name);
        if (_groupsByName.TryGetValue(key, out var earlier))
        {
            _errors.Add(new ImportError(record.Line, "displayName", $"The displayName '{record.Name}' stands on line {earlier.Line} already; upper and lower case are not distinguished."));
            return null;
        }

        var group = Add(key, record.Line, record, _facts.Groups.GetValueOrDefault(key));
        Remember(record, group.Id, group);
        return group;
    }

    private ImportedGroup Add(string key, int line, ImportedRecord record, KnownGroup? known)
    {
        var group = new ImportedGroup(known?.Id ?? _newId(), line, record.Name, record.Attributes, known);
        _groupsByName[key] = group;
        _groups[group.Id] = group;
        return group;
    }

    private void Remember(ImportedRecord record, Guid id, ImportedGroup? group)
    {
        if (record.SourceId is { } source && !_bySourceId.TryAdd(source, (id, group)))
            _errors.Add(new ImportError(record.Line, "id", "Another record of the file has the same id."));
    }

    private void Members(ImportedRecord record, ImportedGroup group)
    {
        foreach (var link in record.Links.Where(l => l.Reference.Length > 0))
            if (Find(link) is { } member) Add(record.Line, "members", group, member);
            else
                _errors.Add(new ImportError(record.Line, "members", $"'{link.Reference}' is neither in the file nor in the directory."));
    }

    /// <summary>By an id of the file, a name, an id of the directory, in this order.</summary>
    private Guid? Find(ImportLink link)
    {
        if (_bySourceId.TryGetValue(link.Reference, out var own)) return own.Id;
        var key = CaseFolding.Fold(link.Reference);
        if (link.Type != Member.Group)
        {
            if (_usersByName.TryGetValue(key, out var user)) return user.Id;
            if (_facts.Users.TryGetValue(key, out var known)) return known;
        }

        if (link.Type != Member.User)
        {
            if (_groupsByName.TryGetValue(key, out var group)) return group.Id;
            if (_facts.Groups.TryGetValue(key, out var known)) return known.Id;
        }

        return Guid.TryParseExact(link.Reference, "D", out var id) && (_facts.UserIds.Contains(id) || _facts.GroupIds.ContainsKey(id)) ? id : null;
    }

    private void Add(int line, string attribute, ImportedGroup group, Guid member)
    {
        if (group.Known is { Managed: true })
        {
            if (group.Refused) return;
            group.Refused = true; // once is enough
            _errors.Add(new ImportError(line, attribute, $"The group '{group.Name}' is managed by a SCIM connection, and so are its members."));
        }
        else if (group.Contains.Add(member)) group.Members.Add(member);
    }

    /// <summary>A group that contains itself, directly or not, is an error on its line, and so is a chain that has no end in sight.</summary>
    private List<PlannedGroup> InnermostFirst()
    {
        var within = _facts.Nested.ToLookup(n => n.Group, n => n.Member);
        var (ordered, isDone) = (new List<PlannedGroup>(), new Dictionary<Guid, bool>()); // false: being looked at
        foreach (var group in _groups.Values) Visit(group.Id, group, 0);
        return ordered;

        void Visit(Guid id, ImportedGroup from, int depth)
        {
            var group = _groups.GetValueOrDefault(id);
            var named = group ?? from;
            if (depth > DeepestNesting)
                _errors.Add(new ImportError(named.Line, "members", $"Groups are in groups more than {DeepestNesting} deep."));
            else if (!isDone.TryGetValue(id, out var done))
            {
                isDone[id] = false;
                foreach (var member in within[id].Concat(group?.Members ?? []))
                    if (_groups.ContainsKey(member) || within.Contains(member)) Visit(member, named, depth + 1);
                isDone[id] = true;
                if (group is { Known: null } or { Members.Count: > 0 })
                    ordered.Add(new PlannedGroup(id, group.Known is not null, group.Attributes, group.Members));
            }
            else if (!done)
                _errors.Add(new ImportError(named.Line, "members", $"The group '{named.Name}' would contain itself."));
        }
    }

    private sealed record ImportedGroup(Guid Id, int Line, string Name, JsonObject Attributes, KnownGroup? Known)
    {
        public List<Guid> Members { get; } = [];
        public HashSet<Guid> Contains { get; } = [];
        public bool Refused { get; set; }
    }
}
