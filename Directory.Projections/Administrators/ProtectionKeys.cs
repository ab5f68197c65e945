using Directory.Projections.Replay;
using Npgsql;

namespace Directory.Projections.Administrators;

/// <summary>The keys that cookies and form tokens are protected with, the same on every node and after a restart.</summary>
public sealed class ProtectionKeys(NpgsqlDataSource database)
{
    // Blocking, because the framework that asks for them knows no other way.
    public IReadOnlyList<string> All()
    {
        using var command = database.CreateCommand("select xml from data_protection_key");
        using var rows = command.ExecuteReader();
        var keys = new List<string>();
        while (rows.Read()) keys.Add(rows.GetString(0));
        return keys;
    }

    public void Add(string name, string xml)
    {
        using var command = database.CreateCommand("insert into data_protection_key (name, xml) values ($1, $2) on conflict do nothing");
        command.With(name).With(xml).ExecuteNonQuery();
    }
}
