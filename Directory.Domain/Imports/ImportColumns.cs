using System.Globalization;
using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Filtering;
using Directory.Domain.Scim.Schema;

namespace Directory.Domain.Imports;

/// <summary>
/// What the columns of a CSV file mean. A header is the path of an attribute (<c>name.givenName</c>); an attribute of an extension may
/// stand without its URI; of a list, the type of the element may follow (<c>emails.home</c>, <c>addresses.work.locality</c>). Several
/// values in one cell are separated by semicolons. With a column <c>userName</c> the file is about users and <c>groups</c> are the
/// names of theirs; else it is about groups, and <c>members</c> are the userNames of theirs. See docs/import.md.
/// </summary>
public sealed class ImportColumns
{
    private const string Work = "work";

    private readonly List<Column?> _columns = [];
    private readonly List<string> _ignored = [];
    private readonly List<ImportError> _errors = [];
    private readonly RecordReader _reader;

    public ImportColumns(RecordReader reader, IReadOnlyList<string> header)
    {
        _reader = reader;
        var names = header.Select(h => h.Trim()).ToList();
        Type = names.Contains("userName", StringComparer.OrdinalIgnoreCase) ? reader.Users : reader.Groups;
        foreach (var name in names) _columns.Add(Resolve(name));
        foreach (var twice in names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1 && g.Key.Length > 0))
            _errors.Add(new ImportError(1, twice.Key, "There are several columns of this name."));
        if (!names.Contains(NameColumn, StringComparer.OrdinalIgnoreCase))
            _errors.Add(new ImportError(1, null, "There is neither a column 'userName' nor a column 'displayName'."));
    }

    /// <summary>Whether the file is about users or groups.</summary>
    public ResourceType Type { get; }

    /// <summary>What is wrong with the header.</summary>
    public IReadOnlyList<ImportError> Errors => _errors;

    /// <summary>Columns that mean nothing here.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    private string NameColumn => Type == _reader.Users ? "userName" : "displayName";

    private string LinkColumn => Type == _reader.Users ? "groups" : "members";

    /// <param name="line">Where the record begins.</param>
    /// <param name="cells">As many as there are columns.</param>
    public ImportedRecord Read(int line, IReadOnlyList<string> cells)
    {
        if (cells.Count != _columns.Count)
            return ImportedRecord.Unreadable(line, $"The record has {cells.Count} fields, and the header has {_columns.Count}.");
        var resource = new JsonObject();
        IReadOnlyList<ImportLink> links = [];
        for (var i = 0; i < cells.Count; i++)
            if (_columns[i] is { } column && cells[i].Trim() is { Length: > 0 } cell)
                if (column.Target is null) links = [.. Parts(cell).Select(name => new ImportLink(name))];
                else Put(resource, column, cell);
        return _reader.Read(line, resource, Type, links);
    }

    private Column? Resolve(string name)
    {
        if (string.Equals(name, LinkColumn, StringComparison.OrdinalIgnoreCase)) return new Column(LinkColumn, null, null);
        if (AttributePathParser.Resolve(name, Type) is { } target) return new Column(target.ToString(), target, null);
        foreach (var extension in Type.Extensions)
            if (AttributePathParser.Resolve($"{extension.Schema.Id}:{name}", Type) is { } inner) return new Column(inner.ToString(), inner, null);
        if (OfElement(name) is { } element) return element;
        _ignored.Add(name);
        return null;
    }

    /// <summary><c>emails.home</c>, <c>addresses.home.locality</c>: the type of an element stands between the attribute and the sub-attribute.</summary>
    private Column? OfElement(string name)
    {
        if (name.Split('.') is not [var attribute, var type, .. var rest] || rest.Length > 1) return null;
        var path = rest.Length == 0 ? attribute : $"{attribute}.{rest[0]}";
        return AttributePathParser.Resolve(path, Type) is { Attribute: { MultiValued: true } list } target
            && list.Find("type")?.CanonicalValues.FirstOrDefault(v => string.Equals(v, type, StringComparison.OrdinalIgnoreCase)) is { } known
                ? new Column(attribute, target, known)
                : null;
    }

    private static void Put(JsonObject resource, Column column, string cell)
    {
        var target = column.Target!;
        if (!target.Attribute.MultiValued)
        {
            resource[column.Key] = Value(target.Leaf, cell);
            return;
        }

        var attribute = target with { SubAttribute = null };
        var list = resource[attribute.ToString()] as JsonArray;
        if (list is null) resource[attribute.ToString()] = list = [];
        if (!target.Attribute.IsComplex)
            foreach (var part in Parts(cell)) list.Add(Value(target.Attribute, part));
        else if ((target.SubAttribute ?? target.Attribute.Find("value")) is { } sub)
            PutElements(list, target.Attribute, column.ElementType ?? DefaultType(target.Attribute), sub, cell);
    }

    /// <summary>Several values make several elements; the parts of one, such as of an address, meet in one element.</summary>
    private static void PutElements(JsonArray list, AttributeDefinition attribute, string? type, AttributeDefinition sub, string cell)
    {
        foreach (var part in sub.Name == "value" ? Parts(cell) : [cell])
        {
            var element = list.OfType<JsonObject>().FirstOrDefault(e => (string?)e["type"] == type && !e.ContainsKey(sub.Name));
            if (element is null)
            {
                element = [];
                if (type is not null) element["type"] = type;
                if (list.Count == 0 && type == Work && attribute.Find("primary") is not null) element["primary"] = true;
                list.Add(element);
            }

            element[sub.Name] = Value(sub, part);
        }
    }

    private static string? DefaultType(AttributeDefinition attribute) =>
        attribute.Find("type")?.CanonicalValues.Contains(Work, StringComparer.Ordinal) == true ? Work : null;

    private static JsonNode Value(AttributeDefinition definition, string text) => definition.Type switch
    {
        AttributeType.Integer when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        AttributeType.Decimal when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => text,
    };

    private static string[] Parts(string cell) => cell.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <param name="Key">The name under which the value is given to the reader.</param>
    /// <param name="Target">The attribute; null for the column of groups or members.</param>
    /// <param name="ElementType">The type of the element, if the header says one.</param>
    private sealed record Column(string Key, AttributeReference? Target, string? ElementType);
}
