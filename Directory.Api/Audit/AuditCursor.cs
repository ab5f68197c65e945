using System.Globalization;
using Directory.Projections.Audit;
using Directory.Projections.Requests;

namespace Directory.Api.Audit;

/// <summary>Where the next page begins, as a text that only means something to the same search of the same directory.</summary>
public sealed class AuditCursor(SealedText sealing)
{
    public string Write(AuditWalk walk, string tenant, AuditFilter filter) =>
        sealing.Write(string.Create(CultureInfo.InvariantCulture, $"{walk.Before};{walk.Upper};{walk.Settled};{walk.Snapshot}"), tenant, filter);

    /// <exception cref="Domain.Scim.ScimException">400 invalidCursor.</exception>
    public AuditWalk Read(string cursor, string tenant, AuditFilter filter)
    {
        var parts = sealing.Read(cursor, tenant, filter).Split(';');
        return new AuditWalk(Number(parts[0]), Number(parts[1]), Number(parts[2]), parts[3].Length == 0 ? null : parts[3]);
    }

    public string Write(RecordPosition position, string tenant, object filter) =>
        sealing.Write(string.Create(CultureInfo.InvariantCulture, $"{position.Time.UtcTicks};{position.Id}"), tenant, filter);

    /// <exception cref="Domain.Scim.ScimException">400 invalidCursor.</exception>
    public RecordPosition ReadPosition(string cursor, string tenant, object filter)
    {
        var parts = sealing.Read(cursor, tenant, filter).Split(';');
        return new RecordPosition(new DateTimeOffset(Number(parts[0]), TimeSpan.Zero), Number(parts[1]));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
