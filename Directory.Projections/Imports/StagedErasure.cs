using System.Text.Json.Nodes;
using Directory.Domain.Groups;
using Directory.Domain.Imports;
using Directory.Domain.Scim;
using Directory.Projections.Integrity;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Imports;

/// <summary>
/// Takes a person out of the files that wait to be imported: the records that are about the person go, and so do the links to it. Such a
/// file has to be checked again before it can be imported, and its report goes, which may name the person too.
/// </summary>
internal static class StagedErasure
{
    // Before the other locks of an erasure: whoever imports a file holds its row first, too.
    private const string Waiting = "select id, coalesce(report::text, '') from import where tenant_id = $1 and completed_at is null order by id for update";

    private const string Unchecked = "update import set records = records - $2, report = null, check_job = null where id = $1";

    /// <summary>Waits for imports that are running, and lets none begin.</summary>
    /// <returns>The files with their reports.</returns>
    public static async Task<IReadOnlyList<(Guid Import, string Report)>> Hold(NpgsqlConnection connection, string tenant, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Waiting, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        var imports = new List<(Guid, string)>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) imports.Add((row.GetGuid(0), row.GetString(1)));
        return imports;
    }

    public static async Task Run(
        NpgsqlConnection connection, IReadOnlyList<(Guid Import, string Report)> imports, PersonNames person, CancellationToken cancellation)
    {
        foreach (var (import, report) in imports)
        {
            var records = await ImportRecords.ReadNumbered(connection, import, cancellation);
            var about = records.Where(r => IsAbout(r.Record, person)).ToList();
            HashSet<string> references = [.. person.Folded, CaseFolding.Fold(person.Id.ToString("D")), .. about.Select(r => r.Record.SourceId).OfType<string>().Select(CaseFolding.Fold)];
            var linked = records.Except(about).Where(r => r.Record.Type == Member.Group && r.Record.Links.Any(IsTo)).ToList();
            if (about.Count == 0 && linked.Count == 0 && !Mentions(report, person)) continue;

            await ImportRecords.Remove(connection, import, [.. about.Select(r => r.Number)], cancellation);
            foreach (var (number, record) in linked)
                await ImportRecords.KeepLinks(connection, import, number, record.Links.Where(l => !IsTo(l)), cancellation);
            await using var command = new NpgsqlCommand(Unchecked, connection);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = import });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = about.Count });
            await command.ExecuteNonQueryAsync(cancellation);

            bool IsTo(ImportLink link) => references.Contains(CaseFolding.Fold(link.Reference));
        }
    }

    /// <summary>By userName, externalId, an id of the file's own that is one of these, an e-mail address, or an error that quotes one.</summary>
    private static bool IsAbout(ImportedRecord record, PersonNames person) =>
        record.Errors.Any(e => Mentions(e.Message, person))
        || (record.Type == Member.User && Values(record).Any(value => person.Folded.Contains(CaseFolding.Fold(value))));

    private static IEnumerable<string> Values(ImportedRecord record)
    {
        yield return record.Name;
        if (record.SourceId is { } source) yield return source;
        if (record.Attributes["externalId"] is JsonValue externalId) yield return externalId.ToString();
        foreach (var email in (record.Attributes["emails"] as JsonArray ?? []).OfType<JsonObject>())
            if (email["value"] is JsonValue address) yield return address.ToString();
    }

    private static bool Mentions(string text, PersonNames person) =>
        person.Names.Concat(person.Addresses).Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase));
}
