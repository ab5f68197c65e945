using System.Globalization;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Replay;

namespace Directory.Api.Audit;

/// <summary>What the requests of replay say: versions, instants, periods, pages.</summary>
public static class ReplayParameters
{
    private const int DefaultCount = 100, MaximumCount = 1000;

    public static string? Text(this HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <exception cref="ScimException">404: what is not an id of ours is the id of nothing.</exception>
    public static Guid Id(ResourceType type, string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new ScimException(ScimError.NotFound(type.Name, text));

    public static int Count(this HttpContext context) => context.Text("count") is not { } text ? DefaultCount
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? Math.Min(n, MaximumCount)
        : throw new ScimException(ScimError.InvalidValue("'count' must be a whole number above 0."));

    /// <summary><c>3</c> or <c>v3</c>; null for anything else.</summary>
    public static long? Version(string text) =>
        long.TryParse(text.StartsWith('v') ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    /// <summary>An instant of RFC 3339 that is not in the future.</summary>
    /// <exception cref="ScimException">400.</exception>
    public static DateTimeOffset Instant(string name, string text, DateTimeOffset now)
    {
        if (!InstantText.TryParse(text, out var instant))
            throw new ScimException(ScimError.InvalidValue($"'{name}' must be a time such as {InstantText.Example}."));
        return instant <= now ? instant : throw new ScimException(ScimError.InvalidValue($"'{name}' is in the future; the past can be shown only."));
    }

    /// <summary>
    /// <c>at</c>, an instant, or <c>from</c> and <c>to</c>, of which <c>to</c> is excluded and by default the present; without any of
    /// them the present.
    /// </summary>
    /// <exception cref="ScimException">400.</exception>
    public static Period Period(this HttpContext context, DateTimeOffset now, PagePosition? page = null)
    {
        var (at, from, to) = (context.Text("at"), context.Text("from"), context.Text("to"));
        if (at is not null && (from is not null || to is not null))
            throw new ScimException(ScimError.InvalidValue("Give either 'at' or 'from' and 'to'."));
        if (from is null && to is not null) throw new ScimException(ScimError.InvalidValue("'to' needs a 'from'."));
        var until = page?.Until ?? now;
        if (from is null) return Projections.Replay.Period.At(at is null ? until : Instant("at", at, now));
        var period = new Period(Instant("from", from, now), to is null ? until : Instant("to", to, now));
        return period.From < period.To ? period : throw new ScimException(ScimError.InvalidValue("'from' must be earlier than 'to'."));
    }
}
