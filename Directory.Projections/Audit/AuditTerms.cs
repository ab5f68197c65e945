using System.Globalization;
using System.Text;
using System.Text.Json;
using Directory.Domain.Scim;

namespace Directory.Projections.Audit;

/// <summary>
/// What an entry can be found by beside its columns, and those of its columns that others are asked for together with. A facet is a colon,
/// a letter and a value (<c>:ptitle</c>), a word is a run of letters and digits, folded; no word begins with a colon, so that the two
/// never meet.
/// </summary>
public static class AuditTerms
{
    /// <summary>Terms of a row: PostgreSQL allows 1 MB, and 5,000 members take a third of that.</summary>
    public const int MembersInPart = 5_000;

    /// <summary>
    /// A facet says in which run of so many sequence numbers an entry lies, so that an index that knows no order can be asked for the newest.
    /// </summary>
    public const int RunBits = 13;

    public const char InRun = 'b';

    /// <summary>The run of sequence numbers that a number lies in.</summary>
    public static long Run(long sequence) => sequence >> RunBits;

    private const int MostWords = 500, LongestTerm = 200;
    private const char ActorKind = 'k', ActorName = 'a', Token = 't', Name = 'n', ExternalId = 'x', Source = 's', Path = 'p', Member = 'm',
        Action = 'c', Connection = 'i', Type = 'y', Changed = 'd';

    /// <summary>The terms of an entry, in parts; a part has all of them but its share of the members only.</summary>
    public static IEnumerable<IReadOnlyCollection<string>> Of(StoredEntry entry)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        Add(terms, InRun, Run(entry.Sequence).ToString(CultureInfo.InvariantCulture));
        Add(terms, Type, entry.StreamType);
        Add(terms, Action, entry.Action);
        Add(terms, Connection, entry.Connection);
        if (!entry.NoOp) Add(terms, Changed, "1");
        Add(terms, ActorKind, entry.ActorKind);
        Add(terms, ActorName, entry.ActorName);
        Add(terms, Token, entry.TokenId);
        Add(terms, Token, entry.TokenPrefix);
        Add(terms, Name, CaseFolding.Fold(entry.TargetName));
        Add(terms, ExternalId, entry.ExternalId);
        Add(terms, Source, entry.Source);
        foreach (var path in Paths(entry.Changes)) terms.UnionWith(Prefixes(path).Select(p => Facet(Path, p)));
        terms.UnionWith(Words(entry.TargetName).Concat(Words(entry.Sentence)).Take(MostWords));
        var members = entry.Members is null ? [] : Members(entry.Members);
        if (members.Count == 0) yield return terms;
        foreach (var share in members.Chunk(MembersInPart)) yield return [.. terms, .. share];
    }

    /// <summary>
    /// A tsquery for what the filter asks, or null if a column alone finds it: several columns that are frequent each, and rare together,
    /// are looked up as terms too.
    /// </summary>
    /// <param name="filter">What is asked.</param>
    /// <param name="words">For words of the filter's text the words that begin so; where there are none given, the beginning is asked for.</param>
    /// <param name="beginnings">Whether these are asked for.</param>
    public static string? Query(AuditFilter filter, IReadOnlyDictionary<string, List<string>?>? words = null, bool beginnings = true)
    {
        var asked = Asked(filter);
        foreach (var word in Words(filter.Text ?? ""))
        {
            if (words?.GetValueOrDefault(word) is { Count: > 0 } whole) asked.Add(AnyOf(whole));
            else if (beginnings) asked.Add(Quote(word) + ":*");
        }

        if (filter.Target is null && filter.Group is null && filter.RequestId is null)
        {
            var columns = Columns(filter).Select(Quote).ToList();
            if (asked.Count > 0 || columns.Count > 1 || filter.TargetType is not null) asked.AddRange(columns);
        }

        return asked.Count == 0 ? null : string.Join(" & ", asked);
    }

    /// <summary>Whether an entry whose terms are not stored yet is what the filter asks of terms.</summary>
    public static bool Match(StoredEntry entry, AuditFilter filter)
    {
        if (Query(filter) is null) return true;
        var terms = Of(entry).SelectMany(part => part).ToHashSet(StringComparer.Ordinal);
        return (filter.Actor is not { } actor || Has(ActorKind, actor) || Has(ActorName, actor))
            && (filter.Token is not { } token || Has(Token, token))
            && (filter.TargetName is not { } name || Has(Name, CaseFolding.Fold(name)))
            && (filter.ExternalId is not { } external || Has(ExternalId, external))
            && (filter.Source is not { } source || Has(Source, source))
            && (filter.Attribute is not { } path || Has(Path, CaseFolding.Fold(path)))
            && (filter.Member is not { } member || Has(Member, member.ToString()))
            && (filter.Text is not { } text || Words(text).All(word => terms.Any(t => t.StartsWith(word, StringComparison.Ordinal))));

        bool Has(char facet, string value) => terms.Contains(Facet(facet, value));
    }

    /// <summary>Whether the term is a facet of which there are few values, each in many entries.</summary>
    public static bool IsOfFewValues(string term) =>
        term is [':', ActorKind or ActorName or Token or Source or Path or Action or Connection or Type or Changed, ..];

    /// <summary>The facets of few values that an entry must have; one of several where there are several.</summary>
    public static IEnumerable<string[]> Facets(AuditFilter filter) => OfFewValues(filter).Concat(Columns(filter).Select(column => new[] { column }));

    private static IEnumerable<string[]> OfFewValues(AuditFilter filter)
    {
        if (filter.Actor is { } actor) yield return [Facet(ActorKind, actor), Facet(ActorName, actor)];
        if (filter.Token is { } token) yield return [Facet(Token, token)];
        if (filter.Source is { } source) yield return [Facet(Source, source)];
        if (filter.Attribute is { } path) yield return [Facet(Path, CaseFolding.Fold(path))];
    }

    private static List<string> Asked(AuditFilter filter)
    {
        var asked = OfFewValues(filter).Select(AnyOf).ToList();
        if (filter.TargetName is { } name) asked.Add(Quote(Facet(Name, CaseFolding.Fold(name))));
        if (filter.ExternalId is { } external) asked.Add(Quote(Facet(ExternalId, external)));
        if (filter.Member is { } member) asked.Add(Quote(Facet(Member, member.ToString())));
        return asked;
    }

    private static string AnyOf(IReadOnlyCollection<string> terms) => $"({string.Join(" | ", terms.Select(Quote))})";

    private static IEnumerable<string> Columns(AuditFilter filter)
    {
        if (filter.TargetType is { } type) yield return Facet(Type, type);
        if (filter.Action is { } action) yield return Facet(Action, action);
        if (filter.EventType is { } name && AuditAction.OfEventType(name) is { } itsAction) yield return Facet(Action, itsAction);
        if (filter.Connection is { } connection) yield return Facet(Connection, connection.ToString());
        if (!filter.IncludeNoOps) yield return Facet(Changed, "1");
    }

    /// <summary>Runs of letters and digits of the folded text.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var folded = CaseFolding.Fold(text);
        for (var start = 0; start < folded.Length;)
        {
            var end = start;
            while (end < folded.Length && IsWordPart(folded, end)) end++;
            if (end > start) yield return Cut(folded[start..end]);
            start = end + 1;
        }
    }

    private static bool IsWordPart(string text, int at) =>
        char.IsLetterOrDigit(text, at) || char.IsSurrogate(text[at]) || char.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark;

    private static List<string> Paths(string changes)
    {
        using var json = JsonDocument.Parse(changes);
        return [.. json.RootElement.EnumerateArray().Select(c => CaseFolding.Fold(c.GetProperty("path").GetString()!))];
    }

    /// <summary>
    /// A path is also found by what is above it and without its URN: <c>urn:…:2.0:User:manager.value</c> by <c>manager.value</c>,
    /// <c>manager</c>, and <c>urn:…:2.0:User:manager</c>.
    /// </summary>
    private static IEnumerable<string> Prefixes(string path)
    {
        var name = path.StartsWith("urn:", StringComparison.Ordinal) ? path.LastIndexOf(':') + 1 : 0;
        foreach (var start in name == 0 ? [0] : new[] { 0, name })
        {
            yield return path[start..];
            for (var dot = path.IndexOf('.', name); dot > 0; dot = path.IndexOf('.', dot + 1)) yield return path[start..dot];
        }
    }

    private static List<string> Members(string members)
    {
        using var json = JsonDocument.Parse(members);
        return [.. json.RootElement.EnumerateArray().Select(m => Facet(Member, m.GetProperty("id").GetString()!)).Distinct(StringComparer.Ordinal)];
    }

    private static void Add(HashSet<string> terms, char facet, string? value)
    {
        if (value is { Length: > 0 }) terms.Add(Facet(facet, value));
    }

    private static string Facet(char facet, string value) => $":{facet}{Cut(value)}";

    /// <summary>Without half of a character at the end, which the database would refuse.</summary>
    private static string Cut(string term) =>
        term.Length <= LongestTerm ? term : term[..(char.IsHighSurrogate(term[LongestTerm - 1]) ? LongestTerm - 1 : LongestTerm)];

    private static string Quote(string term) =>
        new StringBuilder(term.Length + 2).Append('\'').Append(term.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal))
            .Append('\'').ToString();
}
