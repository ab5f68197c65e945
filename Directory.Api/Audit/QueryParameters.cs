using System.Globalization;
using Directory.Domain.Scim;

namespace Directory.Api.Audit;

/// <summary>
/// The query of a request about the audit. A name that is not known is refused, and so is one given twice: a filter that is passed
/// over would show more than was asked for.
/// </summary>
public sealed class QueryParameters
{
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IQueryCollection _query;

    /// <exception cref="ScimException">400 invalidValue.</exception>
    public QueryParameters(IQueryCollection query, params IEnumerable<string> known)
    {
        _query = query;
        var names = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in query)
        {
            if (!names.Contains(name))
                throw Refused($"There is no parameter '{name}'; there are {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
            if (values.Count > 1) throw Refused($"'{name}' is given more than once.");
        }
    }

    public string? Text(string name) => _query[name].ToString() is { Length: > 0 } text ? text : null;

    public string? OneOf(string name, params IEnumerable<string> values) => Text(name) is not { } text || values.Contains(text, StringComparer.Ordinal)
        ? Text(name)
        : throw Refused($"'{name}' must be one of {string.Join(", ", values)}.");

    public Guid? Id(string name) => Text(name) is not { } text ? null
        : Guid.TryParseExact(text, "D", out var id) ? id
        : throw Refused($"'{name}' must be an id.");

    /// <summary>See <see cref="InstantText"/>.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        if (!InstantText.TryParse(text, out var time) || time < Earliest || time > Latest)
            throw Refused($"'{name}' must be a time such as {InstantText.Example}.");
        return time;
    }

    public long? Number(string name, long least) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw Refused($"'{name}' must be a whole number of at least {least}.");

    public bool? Flag(string name) => OneOf(name, "true", "false") switch
    {
        null => null,
        var text => text == "true",
    };

    /// <summary><c>since</c> and <c>until</c> or the like; the first must not be later than the second.</summary>
    public (DateTimeOffset? From, DateTimeOffset? To) Period(string from, string to)
    {
        var (first, last) = (Time(from), Time(to));
        return first > last ? throw Refused($"'{from}' is later than '{to}'.") : (first, last);
    }

    public static ScimException Refused(string detail) => new(ScimError.InvalidValue(detail));
}
