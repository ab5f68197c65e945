using System.Globalization;
using System.Text.Json.Nodes;

namespace AuditBenchmark;

/// <summary>The first page of every filter, rare and frequent, and replay.</summary>
public sealed class SearchFigures(Options options, Figures figures, Samples samples, Answers answers)
{
    private const double Search = 100, Timeline = 150, AsOf = 200;

    public async Task Measure()
    {
        Figures.Head();
        await Columns();
        await Terms();
        await Combined();
        await Times();
        await Replay();
        await Reports();
    }

    private async Task Columns()
    {
        await Page("everything", [""], "", _ => true, 100);
        await Page("everything, a page of 1,000", [""], "count=1000", _ => true, 1000);
        var users = await samples.Spread<Guid>("stream_id", "stream_type = 'user'", options.Entries);
        await Page("target: a user", users, "target={0}", (e, v) => (string?)e["target"]!["id"] == v.ToString(), 1);
        var busy = await Busy();
        await Page("target: a user of 1,000 entries", [busy], "target={0}", (e, v) => (string?)e["target"]!["id"] == v.ToString(), 100);
        var groups = await samples.Spread<Guid>("stream_id", "stream_type = 'group'", options.Entries);
        await Page("group", groups, "group={0}", (e, v) => (string?)e["target"]!["id"] == v.ToString(), 1);
        foreach (var action in (string[])["patch", "deactivate", "delete", "members.remove", "token.issue"])
            await Page($"action: {action}", [action], "action={0}", (e, v) => (string?)e["action"] == v, 3);
        await Page("action: restore, of which there is none", [""], "action=restore", _ => false, 0);
        await Page("eventType: user_reactivated", [""], "eventType=user_reactivated", e => (string?)e["eventType"] == "user_reactivated", 100);
        var connections = await samples.Column<string>("select distinct data ->> 'connectionId' from mt_events where type = 'connection_created' and seq_id < 1000");
        await Page("connection", connections, "connection={0}", (e, v) => (string?)e["actor"]!["connection"] == v, 0);
        await Page("connection: an id that is none", [Guid.NewGuid()], "connection={0}", _ => false, 0);
        await Page("requestId", await samples.Spread<string>("request_id", "true", options.Entries), "requestId={0}", (e, v) => (string?)e["request"]!["id"] == v, 1);
        await Page("includeNoOps=false", [""], "includeNoOps=false", e => !(bool)e["noOp"]!, 100);
        await Page("targetType: group", [""], "targetType=group", e => (string?)e["target"]!["type"] == "group", 100);
        await Page("targetType: provisioning, of which there are few", [""], "targetType=provisioning", e => (string?)e["target"]!["type"] == "provisioning", 5);
        await Page("tail: after the last but 50", [await samples.Value<long>("select max(seq) - 50 from audit_entry")], "after={0}", _ => true, 0, rising: true);
        await Page("tail: after the middle, filtered", [options.Entries / 2], "after={0}&action=delete", e => (string?)e["action"] == "delete", 10, rising: true);
    }

    private async Task Terms()
    {
        foreach (var actor in (string[])["Okta Workforce", "Entra ID", "HR import", "system"])
            await Page($"actor: {actor}", [Uri.EscapeDataString(actor)], "actor={0}", (e, v) => (string?)e["actor"]!["name"] == Uri.UnescapeDataString(v) || (string?)e["actor"]!["kind"] == v, 5);
        await Page("actor: nobody", ["Nobody"], "actor={0}", _ => false, 0);
        await Page("token", await samples.Spread<string>("token_id", "token_id is not null", options.Entries), "token={0}", (e, v) => (string?)e["actor"]!["tokenId"] == v, 1);
        await Page("targetName", await samples.Spread<string>("target_name", "stream_type = 'user'", options.Entries), "targetName={0}", (e, v) => (string?)e["target"]!["name"] == v, 1);
        await Page("externalId", await samples.Spread<string>("external_id", "external_id is not null", options.Entries), "externalId={0}", (e, v) => (string?)e["target"]!["externalId"] == v, 1);
        await Page("member", await samples.Spread<string>("members -> 0 ->> 'id'", "members is not null", options.Entries), "member={0}", (e, v) => e["members"]!.AsArray().Any(m => (string?)m!["id"] == v), 1);
        foreach (var path in (string[])["title", "phoneNumbers", "userName", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "nickName"])
            await Page($"attribute: {path[(path.LastIndexOf(':') + 1)..]}", [path], "attribute={0}", (e, v) => e["changes"]!.AsArray().Any(c => ((string)c!["path"]!).StartsWith(v, StringComparison.Ordinal)), path == "nickName" ? 0 : 50);
        await Page("source: frequent", await samples.Spread<string>("detail ->> 'sourceAddress'", "actor_kind = 'scim'", options.Entries, 5), "source={0}", (e, v) => (string?)e["source"]!["address"] == v, 1);
        await Page("source: five entries in the past", [Company.RareSource], "source={0}", (e, v) => (string?)e["source"]!["address"] == v, 5);
        await Page("text: a word of one user", [Company.RareWord], "text={0}", e => e["sentence"]!.ToString().Contains(Company.RareWord, StringComparison.Ordinal), 1);
        await Page("text: the number of a user and a name", (await samples.Spread<string>("target_name", "stream_type = 'user' and target_name not like 'renamed%' and action = 'patch'", options.Entries)).Select(n => string.Join('+', n.Split('@')[0].Split('.'))).ToList(), "text={0}", (e, v) => e["target"]!["name"]!.ToString().Contains(v.Split('+')[^1], StringComparison.Ordinal) || e["sentence"]!.ToString().Contains(v.Split('+')[^1], StringComparison.Ordinal), 1);
        await Page("text: frequent words", ["okta+changed+title"], "text={0}", e => e["sentence"]!.ToString().Contains("title", StringComparison.Ordinal), 100);
        await Page("text: one letter", ["d"], "text={0}", _ => true, 100);
        await Page("text: two frequent words that never meet", ["deactivated+department"], "text={0}", _ => true, 0);
        await Page("text: not there", ["quetzalcoatl"], "text={0}", _ => false, 0);
    }

    private async Task Combined()
    {
        var busy = await Busy();
        await Page("target and attribute", [busy], "target={0}&attribute=title", (e, v) => (string?)e["target"]!["id"] == v.ToString(), 50);
        await Page("action and actor", [""], "action=delete&actor=HR%20import", e => (string?)e["action"] == "delete", 5);
        await Page("attribute and source, rare together", [""], $"attribute=userName&source={Company.RareSource}", _ => true, 0);
        await Page("actor and text", [""], "actor=Entra%20ID&text=removed", e => (string?)e["actor"]!["name"] == "Entra ID", 100);
        await Page("member and action", await samples.Spread<string>("members -> 0 ->> 'id'", "action = 'members.remove'", options.Entries), "member={0}&action=members.remove", (e, v) => e["members"]!.AsArray().Any(m => (string?)m!["id"] == v), 1);
        await Page("changes of the HR import only", [""], "actor=HR%20import&includeNoOps=false", e => !(bool)e["noOp"]!, 50);
        await Page("action and connection", await samples.Column<string>("select distinct data ->> 'connectionId' from mt_events where type = 'connection_created' and seq_id < 1000"), "connection={0}&action=delete", (e, v) => (string?)e["actor"]!["connection"] == v, 0);
    }

    private async Task Times()
    {
        var times = (await samples.Spread<DateTime>("time", "true", options.Entries, 20)).Select(t => (From: Text(t), To: Text(t.AddDays(1)), Month: Text(t.AddDays(30)))).ToList();
        await Page("a day", times, v => $"since={v.From}&until={v.To}", (e, v) => In(e, v.From, v.To), 10);
        await Page("a month and an action", times, v => $"since={v.From}&until={v.Month}&action=deactivate", (e, v) => In(e, v.From, v.Month) && (string?)e["action"] == "deactivate", 1);
        await Page("a month and an attribute", times, v => $"since={v.From}&until={v.Month}&attribute=title", (e, v) => In(e, v.From, v.Month), 1);
        await Page("a month and a frequent actor", times, v => $"since={v.From}&until={v.Month}&actor=Okta%20Workforce", (e, v) => In(e, v.From, v.Month), 1);
        await Page("a month and a word that is not there", times, v => $"since={v.From}&until={v.Month}&text=quetzalcoatl", (_, _) => false, 0);
        await Page("the first year, deletions", [Text(times.Count == 0 ? DateTime.UtcNow : (await samples.Value<DateTime>("select min(time) from audit_entry where seq > 100")).AddYears(1))], "until={0}&action=delete", e => (string?)e["action"] == "delete", 50);
        await Page("the first year, a frequent attribute", [Text((await samples.Value<DateTime>("select min(time) from audit_entry where seq > 100")).AddYears(1))], "until={0}&attribute=title", _ => true, 100);
        await Page("before everything", ["2001-01-01T00:00:00Z"], "until={0}", _ => false, 0);
    }

    private async Task Replay()
    {
        var busy = await Busy();
        var users = await samples.Spread<Guid>("stream_id", "stream_type = 'user'", options.Entries);
        await Time("timeline of 1,000 events", Timeline, [busy], id => answers.Expect($"/api/audit/users/{id}/timeline", a => a["entries"]!.AsArray().Count >= Company.BusyEvents));
        await Time("timeline of a user", Timeline, users, id => answers.Expect($"/api/audit/users/{id}/timeline", a => a["entries"]!.AsArray().Count > 0));
        await Time("as-of: the user of 1,000 events, at the end", AsOf, [Text(DateTime.UtcNow.AddMinutes(-1))], at => answers.Expect($"/api/audit/users/{busy}/as-of?at={at}", a => (long)a["version"]! >= Company.BusyEvents && (string?)a["resource"]!["id"] == busy.ToString()));
        var then = await samples.Column<DateTime>($"select time from audit_entry where stream_id = '{busy}' and stream_version % 100 = 50");
        await Time("as-of: the user of 1,000 events, in between", AsOf, then.Select(Text).ToList(), at => answers.Expect($"/api/audit/users/{busy}/as-of?at={at}", a => (long)a["version"]! > 40));
        await Time("as-of: a user", AsOf, users, id => answers.Expect($"/api/audit/users/{id}/as-of?at={Text(DateTime.UtcNow.AddMinutes(-1))}", a => (string?)a["resource"]!["id"] == id.ToString()));
        await Time("version 500 of 1,000", AsOf, [busy], id => answers.Expect($"/api/audit/users/{id}/versions/500", a => (long)a["version"]! == 500));
        await Time("list of versions", AsOf, [busy], id => answers.Expect($"/api/audit/users/{id}/versions", a => a["versions"]!.AsArray().Count > 0));
        await Time("diff of versions 10 and 990", AsOf, [busy], id => answers.Expect($"/api/audit/users/{id}/diff?from=10&to=990", a => a["changes"]!.AsArray().Count > 0));
        await Time("groups of a user over its life", AsOf, users, id => answers.Expect($"/api/audit/users/{id}/groups", a => a["groups"] is not null));
        if (!await samples.Value<bool>("select exists (select from group_member)")) return; // not rebuilt
        var group = await samples.Value<Guid>($"select stream_id from audit_entry where action = 'create' and stream_type = 'group' and target_name = '{Company.BigGroupName}'");
        await Time("members of the largest group at a date, first page", AsOf, then.Select(Text).ToList(), at => answers.Expect($"/api/audit/groups/{group}/members?at={at}", a => (long)a["count"]! > 0));
        await Time("members of the largest group over a month, first page", AsOf, then.Select(t => (Text(t), Text(t.AddDays(20)))).ToList(), p => answers.Expect($"/api/audit/groups/{group}/members?from={p.Item1}&to={p.Item2}", a => a["members"]!.AsArray().Count > 0));
    }

    private async Task Reports()
    {
        var month = (From: Text(DateTime.UtcNow.AddDays(-40)), To: Text(DateTime.UtcNow.AddDays(-10)));
        foreach (var report in (string[])["deprovisioning", "joiners-movers-leavers", "no-op-pushes"])
            await Time($"report of a month: {report} (no aim)", double.MaxValue, [month], m => answers.Expect($"/api/audit/reports/{report}?from={m.From}&to={m.To}", _ => true));
        await Time("report: untouched (no aim)", double.MaxValue, [""], _ => answers.Expect("/api/audit/reports/untouched", _ => true));
    }

    private Task<Guid> Busy() => samples.Value<Guid>("select id from mt_streams where tenant_id = 'default' and version >= 1000 and id in (select stream_id from mt_events where type = 'user_created' and seq_id < 100) limit 1");

    private Task Time<T>(string what, double aim, IReadOnlyList<T> values, Func<T, Task> call) => figures.Time(what, aim, values, options.Repetitions, call);

    private Task Page<T>(string what, IReadOnlyList<T> values, Func<T, string> query, Func<JsonNode, T, bool> asked, int least, bool rising = false) =>
        Time(what, Search, values, v => answers.Page(query(v), e => asked(e, v), least, rising));

    private Task Page<T>(string what, IReadOnlyList<T> values, string query, Func<JsonNode, T, bool> asked, int least, bool rising = false) =>
        Page(what, values, v => string.Format(CultureInfo.InvariantCulture, query, v), asked, least, rising);

    private Task Page<T>(string what, IReadOnlyList<T> values, string query, Func<JsonNode, bool> asked, int least, bool rising = false) =>
        Page(what, values, query, (e, _) => asked(e), least, rising);

    private static bool In(JsonNode entry, string from, string to)
    {
        var time = (string)entry["time"]!;
        return string.CompareOrdinal(time, from) >= 0 && string.CompareOrdinal(time, to) < 0;
    }

    private static string Text(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
