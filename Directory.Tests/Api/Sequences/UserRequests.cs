using System.Text.Json.Nodes;

namespace Directory.Tests.Api.Sequences;

/// <summary>Requests about users by chance, each with the status that the model foresees and what it does to the model.</summary>
public sealed class UserRequests(Random random, ModelDirectory model)
{
    private static readonly string[] Names = ["ann", "bob", "Cat", "dan", "EVE", "fay", "gus", "hal"];
    private static readonly string[] Titles = ["Guide", "head guide", "Cook"];

    public Request Create()
    {
        var user = Wanted();
        var status = model.UserNameIsTaken(user.UserName, null) ? 409 : 201;
        return new Request("POST", "/Users", Body(user, null), status, id => model.Users.Add(id!, user));
    }

    public Request Replace(string id, Precondition condition)
    {
        var user = Wanted();
        bool? active = random.Next(2) == 0 ? null : random.Next(2) == 0;
        user.Active = active ?? !model.Users.TryGetValue(id, out var before) || before.Active; // a PUT that omits it leaves it
        return new Request("PUT", $"/Users/{id}", Body(user, active), condition.Status(model.Users.ContainsKey(id))
            ?? (model.UserNameIsTaken(user.UserName, id) ? 409 : 200), _ => model.Users[id] = user, condition);
    }

    public Request Patch(string id, Precondition condition)
    {
        var user = Copy(model.Users.GetValueOrDefault(id) ?? new ModelUser { UserName = "nobody" });
        var operations = new JsonArray();
        for (var i = random.Next(1, 4); i > 0; i--) operations.Add(Operation(user));
        var body = new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"), ["Operations"] = operations };
        return new Request("PATCH", $"/Users/{id}", body, condition.Status(model.Users.ContainsKey(id))
            ?? (model.UserNameIsTaken(user.UserName, id) ? 409 : 200), _ => model.Users[id] = user, condition);
    }

    public Request Delete(string id, Precondition condition) => new(
        "DELETE", $"/Users/{id}", null, condition.Status(model.Users.ContainsKey(id)) ?? 204, _ => model.Delete(id), condition);

    /// <summary>A filter and who matches it.</summary>
    public (string Filter, Func<string, ModelUser, bool> Matches) Filter()
    {
        var (name, title, email) = (Name(), Pick(Titles), Email());
        var group = model.Groups.Count > 0 ? Pick([.. model.Groups.Keys]) : Guid.NewGuid().ToString();
        return random.Next(9) switch
        {
            0 => ($"userName eq \"{name}\"", (_, u) => Same(u.UserName, name)),
            1 => ($"userName sw \"{name[..2]}\"", (_, u) => u.UserName.StartsWith(name[..2], StringComparison.OrdinalIgnoreCase)),
            2 => ("active eq false", (_, u) => !u.Active),
            3 => ("not (title pr)", (_, u) => u.Title is null),
            4 => ($"title eq \"{title}\" or displayName co \"A\"",
                (_, u) => (u.Title is not null && Same(u.Title, title)) || (u.DisplayName?.Contains('a', StringComparison.OrdinalIgnoreCase) ?? false)),
            5 => ($"emails[type eq \"{email.Type}\" and value eq \"{email.Value}\"]", (_, u) => u.Emails.Contains(email)),
            6 => ($"emails.value eq \"{email.Value}\" and emails.type eq \"{email.Type}\"",
                (_, u) => u.Emails.Any(e => e.Value == email.Value) && u.Emails.Any(e => e.Type == email.Type)),
            7 => ($"groups.value eq \"{group}\"", (id, _) => model.GroupsOf(id).Any(g => g.Group == group)),
            _ => ($"active eq true and not (userName eq \"{name}\" or emails pr)", (_, u) => u.Active && !Same(u.UserName, name) && u.Emails.Count == 0),
        };
    }

    private JsonObject Operation(ModelUser user)
    {
        var (name, title, email) = (Name(), Pick(Titles), Email());
        switch (random.Next(9))
        {
            case 0:
                user.UserName = name;
                return Operation("replace", "userName", name);
            case 1:
                user.Title = title;
                return Operation("Replace", "title", title);
            case 2:
                user.Title = null;
                return Operation("remove", "title", null);
            case 3:
                user.DisplayName = name;
                return Operation("add", null, new JsonObject { ["DISPLAYNAME"] = name });
            case 4:
                user.DisplayName = null;
                return Operation("remove", "displayName", null);
            case 5:
                user.Active = !user.Active;
                return Operation("replace", null, new JsonObject { ["active"] = user.Active });
            case 6:
                if (!user.Emails.Contains(email)) user.Emails.Add(email);
                return Operation("add", "emails", new JsonArray(Json(email)));
            case 7:
                user.Emails.RemoveAll(e => e.Type == email.Type);
                return Operation("remove", $"emails[type eq \"{email.Type}\"]", null);
            default:
                user.Emails = [email];
                return Operation("replace", "emails", new JsonArray(Json(email)));
        }
    }

    private static JsonObject Operation(string op, string? path, JsonNode? value)
    {
        var operation = new JsonObject { ["op"] = op };
        if (path is not null) operation["path"] = path;
        if (value is not null) operation["value"] = value;
        return operation;
    }

    private ModelUser Wanted() => new()
    {
        UserName = Name(),
        DisplayName = random.Next(2) == 0 ? null : Name(),
        Title = random.Next(2) == 0 ? null : Pick(Titles),
        Emails = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Email()).Distinct()],
    };

    private static ModelUser Copy(ModelUser user) => new()
    {
        UserName = user.UserName,
        DisplayName = user.DisplayName,
        Title = user.Title,
        Active = user.Active,
        Emails = [.. user.Emails],
        ETag = user.ETag,
    };

    private static JsonObject Body(ModelUser user, bool? active)
    {
        var body = Some.User(user.UserName);
        if (user.DisplayName is not null) body["displayName"] = user.DisplayName;
        if (user.Title is not null) body["title"] = user.Title;
        if (active is not null) body["active"] = active;
        if (user.Emails.Count > 0) body["emails"] = new JsonArray([.. user.Emails.Select(Json)]);
        return body;
    }

    private static JsonObject Json((string Value, string Type) email) => new() { ["value"] = email.Value, ["type"] = email.Type };

    private (string Value, string Type) Email() => (random.Next(2) == 0 ? "x@example.com" : "y@example.com", random.Next(2) == 0 ? "work" : "home");

    private string Name()
    {
        var name = Pick(Names);
        return random.Next(3) == 0 ? name.ToUpperInvariant() : name;
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
