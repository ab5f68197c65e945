using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Patching;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Streams;

namespace AuditBenchmark;

/// <summary>
/// Three years of a company's provisioning, always the same for the same number of entries: people come, change, are pushed again
/// without a change, leave and return; groups are pushed. The events are those that the deciders of the domain make; where they are
/// made here, because a decision costs more than all the rest, every hundredth is compared with the decider's.
/// </summary>
public sealed class Company(long entries, DateTimeOffset until, Guid provisioning, long provisioningVersion)
{
    public const int BusyEvents = 1_000, BigGroup = 10_000;
    public const string RareSource = "198.51.100.77", RareWord = "xanthippe", BigGroupName = "Everyone";

    private static readonly string[] Simple = ["title", "displayName", "locale", $"{ScimUrns.EnterpriseUser}:department", $"{ScimUrns.EnterpriseUser}:costCenter"];
    private static readonly TimeSpan Years = TimeSpan.FromDays(3 * 365);

    private readonly Random _random = new(20260101);
    private readonly List<Person> _people = [];
    private readonly List<Team> _teams = [];
    private readonly Queue<HistoryEvent> _ready = [];
    private readonly long _population = Math.Max(200, entries / 50);
    private long _made, _provisioningVersion = provisioningVersion;
    private int _numbers, _compared, _rare = 5;
    private DateTimeOffset _now;
    private Client _okta = null!, _entra = null!, _script = null!;

    /// <summary>How many events were compared with the decider's.</summary>
    public int Compared => _compared;

    public IEnumerable<HistoryEvent> Events()
    {
        _now = until - Years;
        (_okta, _entra, _script) = (Connect("Okta Workforce", "Okta-Integrations", 6), Connect("Entra ID", "Microsoft-SCIM", 4), Connect("HR import", "hr-import/2.1", 1));
        var everyone = Found(BigGroupName);
        var busy = Join(everyone);
        for (var request = 0L; ;)
        {
            while (_ready.TryDequeue(out var e))
            {
                yield return e;
                if (++_made == entries) yield break;
            }

            _now = until - Years + Years * ((double)_made / entries) + TimeSpan.FromTicks(_random.Next(10_000));
            _now = new DateTimeOffset(_now.Ticks / 10 * 10, TimeSpan.Zero);
            request++;
            if (busy.Version < BusyEvents && (double)busy.Version / BusyEvents <= (double)_made / entries) PatchSimple(busy);
            else Next(request, everyone);
        }
    }

    private void Next(long request, Team everyone)
    {
        if (request % 50_000 == 0) Rotate(_random.Next(2) == 0 ? _okta : _entra);
        var chance = _random.Next(1000);
        if (_people.Count < _population && (_people.Count < 100 || chance < 40)) Join(everyone);
        else if (chance is >= 40 and < 47) Delete(Leaver());
        else if (chance is >= 47 and < 67) Activate(Someone(), false);
        else if (chance is >= 67 and < 75) Activate(Someone(), true);
        else if (chance is >= 75 and < 78) Rename(Someone());
        else if (chance is >= 78 and < 80 && _teams.Count < Math.Max(20, entries / 5000)) Found($"{Person.Departments[_random.Next(Person.Departments.Length)]} {_teams.Count}");
        else if (chance is >= 78 and < 82) Rename(_teams[_random.Next(1, _teams.Count)]);
        else if (chance is >= 82 and < 180) AddMembers(_teams[_random.Next(1, _teams.Count)]);
        else if (chance is >= 180 and < 260) RemoveMembers(_teams[_random.Next(1, _teams.Count)]);
        else if (chance is >= 260 and < 320) PatchPhone(Someone());
        else if (chance < 570) PatchSimple(Someone());
        else if (chance < 780) Put(Someone(), changed: true);
        else Put(Someone(), changed: false);
    }

    /// <summary>Anybody who is there; some are changed more often than others, and the first by nobody but himself.</summary>
    private Person Someone() => _people[_random.Next(3) == 0 ? _random.Next(1, Math.Max(2, _people.Count / 20)) : _random.Next(1, _people.Count)];

    private Person Leaver()
    {
        var at = _random.Next(1, _people.Count);
        var person = _people[at];
        _people[at] = _people[^1];
        _people.RemoveAt(_people.Count - 1);
        return person;
    }

    private Client Connect(string name, string agent, int addresses)
    {
        var client = new Client(Guid.CreateVersion7(_now), name, agent, addresses, _random);
        Append(provisioning, ++_provisioningVersion, new ConnectionCreated(client.Id, name), Service());
        Rotate(client);
        return client;
    }

    private void Rotate(Client client)
    {
        client.Token = Guid.CreateVersion7(_now);
        client.Prefix = "directory_scim_" + client.Token.ToString("N")[^8..];
        Append(provisioning, ++_provisioningVersion, new TokenIssued(client.Token, "provisioner", client.Id, client.Name, client.Prefix, null), Service());
    }

    private Team Found(string name)
    {
        var team = new Team(Guid.CreateVersion7(_now), name);
        _teams.Add(team);
        Append(team, new GroupCreated(team.Subject, new JsonObject { ["displayName"] = name }, new SentRequest(null)), Origin("POST", "/Groups"));
        if (_teams.Count == 1) Found("Research 0");
        return team;
    }

    private Person Join(Team everyone)
    {
        var number = _numbers++;
        var body = new Person(number, default, default).Body(_random);
        if (number == 17) body["userName"] = $"{RareWord}.brown@example.com";
        var person = new Person(number, Guid.CreateVersion7(_now), _now);
        _people.Add(person);
        var origin = Origin("POST", "/Users");
        var created = (UserCreated)UserDecider.Decide(ResourceTypes.User, null, new CreateUser(Person.Read(body), SentBody.OfCreation(ResourceTypes.User, body)))[0];
        Append(person, created, origin);
        person.Attributes = (JsonObject)created.Attributes.DeepClone();
        if (everyone.Members.Count < BigGroup) Add(everyone, [person]);
        else Add(_teams[_random.Next(1, _teams.Count)], [person]);
        return person;
    }

    private void PatchSimple(Person person)
    {
        var (path, value) = Change();
        var operations = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value });
        var sent = new SentRequest(operations);
        var decided = _made % 100 == 0 ? Decide(person, new PatchUser([new PatchOperation(ChangeOperation.Replace, path, value)], sent)) : null;
        var changes = Set(person, path, value);
        Append(person, new UserPatched(person.Subject, changes, sent), Origin("PATCH", $"/Users/{person.Id}"), decided);
    }

    private void Put(Person person, bool changed)
    {
        var (path, value) = Change();
        var before = _made % 100 == 0 ? person.State with { Attributes = (JsonObject)person.Attributes.DeepClone() } : null;
        var changes = changed ? Set(person, path, value) : [];
        var body = person.Body();
        var sent = new SentRequest(body);
        var decided = before is null ? null : UserDecider.Decide(ResourceTypes.User, before, new ReplaceUser(Person.Read(body), sent));
        Append(person, new UserReplaced(person.Subject, changes, sent), Origin("PUT", $"/Users/{person.Id}"), decided);
    }

    private void PatchPhone(Person person)
    {
        var phone = Person.Phone(_random);
        const string path = "phoneNumbers[type eq \"work\"].value";
        var sent = new SentRequest(new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = phone }));
        Evolve(person, new PatchUser([new PatchOperation(ChangeOperation.Replace, path, phone)], sent), "PATCH");
    }

    private void Activate(Person person, bool active)
    {
        if (person.Active == active) return;
        var sent = new SentRequest(new JsonArray(new JsonObject { ["op"] = "replace", ["value"] = new JsonObject { ["active"] = active } }));
        Evolve(person, new PatchUser([new PatchOperation(ChangeOperation.Replace, null, new JsonObject { ["active"] = active })], sent), "PATCH");
    }

    private void Rename(Person person)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"renamed.{person.Number}.{person.Version}@example.com");
        var sent = new SentRequest(new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "userName", ["value"] = name }));
        Evolve(person, new PatchUser([new PatchOperation(ChangeOperation.Replace, "userName", name)], sent), "PATCH");
    }

    private void Delete(Person person)
    {
        Evolve(person, new DeleteUser(SentRequest.None), "DELETE");
        foreach (var team in person.Teams) team.Members.Remove(person);
        person.Teams.Clear();
    }

    private void Rename(Team team)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{team.Name.Split('#')[0]}#{team.Version}");
        var sent = new SentRequest(new JsonArray(new JsonObject { ["op"] = "replace", ["value"] = new JsonObject { ["displayName"] = name } }));
        Append(team, new GroupPatched(team.Subject, [AttributeChange.Of("displayName", team.Name, name)], sent), Origin("PATCH", $"/Groups/{team.Id}"));
        team.Name = name;
    }

    private void AddMembers(Team team)
    {
        var members = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Someone()).Where(p => !p.Teams.Contains(team)).Distinct().ToList();
        if (members.Count > 0) Add(team, members);
    }

    private void Add(Team team, List<Person> people)
    {
        foreach (var person in people)
        {
            team.Members.Add(person);
            person.Teams.Add(team);
        }

        Append(team, new GroupMembersAdded(team.Subject, [.. people.Select(Member)], Sent("add", people)), Origin("PATCH", $"/Groups/{team.Id}"));
    }

    private void RemoveMembers(Team team)
    {
        var people = new List<Person>();
        for (var count = _random.Next(1, 3); count > 0 && team.Members.Count > 0; count--)
        {
            var at = _random.Next(team.Members.Count);
            people.Add(team.Members[at]);
            team.Members[at].Teams.Remove(team);
            team.Members[at] = team.Members[^1];
            team.Members.RemoveAt(team.Members.Count - 1);
        }

        if (people.Count > 0)
            Append(team, new GroupMembersRemoved(team.Subject, [.. people.Select(Member)], Sent("remove", people)), Origin("PATCH", $"/Groups/{team.Id}"));
    }

    private static Member Member(Person person) => new(person.Id, Directory.Domain.Groups.Member.User, person.UserName, (string?)person.Attributes["displayName"]);

    private static SentRequest Sent(string op, List<Person> people) => new(new JsonArray(new JsonObject
    {
        ["op"] = op,
        ["path"] = "members",
        ["value"] = new JsonArray([.. people.Select(p => new JsonObject { ["value"] = p.Id.ToString() })]),
    }));

    private (string Path, string Value) Change()
    {
        var path = Simple[_random.Next(Simple.Length)];
        return (path, path switch
        {
            "title" => $"{Person.Titles[_random.Next(Person.Titles.Length)]} {_random.Next(50)}",
            "displayName" => $"Name {_random.Next(100_000)}",
            "locale" => _random.Next(2) == 0 ? $"de-{_random.Next(99)}" : $"en-{_random.Next(99)}",
            _ => $"{Person.Departments[_random.Next(Person.Departments.Length)]} {_random.Next(100)}",
        });
    }

    private static IReadOnlyList<AttributeChange> Set(Person person, string path, string value)
    {
        var urn = path.StartsWith("urn:", StringComparison.Ordinal);
        var (json, name) = urn ? ((JsonObject)person.Attributes[ScimUrns.EnterpriseUser]!, path[(path.LastIndexOf(':') + 1)..]) : (person.Attributes, path);
        var before = json[name];
        if ((string?)before == value) return [];
        var change = AttributeChange.Of(path, before, value);
        json[name] = value;
        return [change];
    }

    private static IReadOnlyList<IUserEvent> Decide(Person person, UserCommand command) => UserDecider.Decide(ResourceTypes.User, person.State, command);

    private void Evolve(Person person, UserCommand command, string method)
    {
        foreach (var e in Decide(person, command))
        {
            var state = User.Evolve(ResourceTypes.User, person.State, person.Id, e, new EventStamp(person.Version + 1, _now));
            Append(person, e, Origin(method, $"/Users/{person.Id}"));
            person.Attributes = (JsonObject)state.Attributes.DeepClone();
        }
    }

    private void Append(Person person, IUserEvent e, Origin origin, IReadOnlyList<IUserEvent>? decided = null)
    {
        if (decided is not null)
        {
            _compared++;
            var (made, wanted) = (EventWriter.Json(e), EventWriter.Json(decided.Single()));
            if (!JsonNode.DeepEquals(JsonNode.Parse(made), JsonNode.Parse(wanted)))
                throw new InvalidOperationException($"The event made here is not the decider's.\n{made}\n{wanted}");
        }

        Append(person.Id, ++person.Version, e, origin);
    }

    private void Append(Team team, IGroupEvent e, Origin origin) => Append(team.Id, ++team.Version, e, origin);

    private void Append(Guid stream, long version, object data, Origin origin) => _ready.Enqueue(new HistoryEvent(stream, version, _now, data, origin));

    private static Origin Service() => new("default", Actor.Service, Guid.CreateVersion7().ToString());

    private Origin Origin(string method, string path)
    {
        var chance = _random.Next(100);
        var client = chance < 85 ? _okta : chance < 98 ? _entra : _script;
        var source = _made > entries / 3 && _rare-- > 0 ? RareSource : client.Addresses[_random.Next(client.Addresses.Length)];
        var actor = new Actor(Actor.Scim, client.Id.ToString(), client.Name, client.Token.ToString(), client.Prefix);
        Span<byte> trace = stackalloc byte[16];
        _random.NextBytes(trace);
        return new Origin("default", actor, Guid.CreateVersion7(_now).ToString(), Convert.ToHexStringLower(trace), method, $"/api/scim/v2{path}",
            null, Convert.ToHexStringLower(trace) + Convert.ToHexStringLower(trace), source, client.Agent);
    }
}
