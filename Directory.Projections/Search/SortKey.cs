namespace Directory.Projections.Search;

/// <summary>What resources are ordered by, before the id decides.</summary>
/// <param name="Sql">The value for the row <c>r</c>, with its collation.</param>
/// <param name="SqlType">Its type. As a text it can be put into a cursor and taken out again unchanged.</param>
/// <param name="IsShort">Whether a text is short enough to go into a cursor, and so into an address.</param>
/// <param name="IsNullable">Whether there are resources without a value: last when ascending, first when descending.</param>
internal sealed record SortKey(string Sql, string SqlType, bool IsShort = true, bool IsNullable = true)
{
    public const string Text = "text", Truth = "boolean", Time = "timestamptz", Number = "bigint", Json = "jsonb";

    public static SortKey OfText(string sql, bool isNullable = true, bool isShort = false) =>
        new($"{sql} collate \"C\"", Text, isShort, isNullable);

    /// <summary>For a type of resources that has no such attribute.</summary>
    public SortKey Absent => this with { Sql = SqlType == Text ? "null::text collate \"C\"" : $"null::{SqlType}" };

    /// <summary>The order in which a cursor goes: of a long text its beginning decides, and then the id.</summary>
    public SortKey ForCursor => IsShort ? this : OfText($"left({Sql}, {SearchColumns.IndexedLength})", IsNullable, isShort: true);
}
