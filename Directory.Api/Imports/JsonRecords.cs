using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Api.Protocol;
using Directory.Domain.Imports;

namespace Directory.Api.Imports;

/// <summary>
/// Reads SCIM resources of a JSON file: an array of them, one after the other (NDJSON), or a ListResponse (RFC 7644 §3.4.2). Each is told
/// by the line on which it begins.
/// </summary>
public static class JsonRecords
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = ScimBody.MaximumDepth + 2, AllowMultipleValues = true };

    private static readonly JsonDocumentOptions ElementOptions = new() { MaxDepth = ScimBody.MaximumDepth, AllowDuplicateProperties = false };

    public static ReadRecords Read(ReadOnlySpan<byte> json, RecordReader reader)
    {
        var records = new List<ImportedRecord>();
        var places = new LineCount();
        try
        {
            var tokens = new Utf8JsonReader(json, ReaderOptions);
            while (tokens.Read())
                if (tokens.TokenType == JsonTokenType.StartArray) Elements(ref tokens, json, reader, records, places);
                else if (tokens.TokenType == JsonTokenType.StartObject && IsList(tokens)) Resources(ref tokens, json, reader, records, places);
                else records.Add(Element(ref tokens, json, reader, places));
        }
        catch (JsonException e)
        {
            records.Add(ImportedRecord.Unreadable((int)(e.LineNumber ?? 0) + 1, "The file is not valid JSON from here on, and what follows was not read."));
        }

        return new ReadRecords(records.Count == 0 ? [ImportedRecord.Unreadable(1, "The file is empty.")] : records, []);
    }

    /// <summary>Whether the object that begins here holds resources instead of being one.</summary>
    private static bool IsList(Utf8JsonReader tokens)
    {
        var depth = tokens.CurrentDepth;
        while (tokens.Read() && tokens.CurrentDepth > depth)
            if (tokens.TokenType == JsonTokenType.PropertyName && tokens.CurrentDepth == depth + 1)
                if (tokens.ValueTextEquals("Resources")) return true;
                else tokens.Skip();
        return false;
    }

    private static void Resources(
        ref Utf8JsonReader tokens, ReadOnlySpan<byte> json, RecordReader reader, List<ImportedRecord> records, LineCount places)
    {
        while (tokens.Read() && tokens.TokenType == JsonTokenType.PropertyName)
        {
            var isResources = tokens.ValueTextEquals("Resources");
            tokens.Read();
            if (isResources && tokens.TokenType == JsonTokenType.StartArray) Elements(ref tokens, json, reader, records, places);
            else tokens.Skip();
        }
    }

    private static void Elements(
        ref Utf8JsonReader tokens, ReadOnlySpan<byte> json, RecordReader reader, List<ImportedRecord> records, LineCount places)
    {
        while (tokens.Read() && tokens.TokenType != JsonTokenType.EndArray) records.Add(Element(ref tokens, json, reader, places));
    }

    private static ImportedRecord Element(ref Utf8JsonReader tokens, ReadOnlySpan<byte> json, RecordReader reader, LineCount places)
    {
        var start = (int)tokens.TokenStartIndex;
        var line = places.Of(json, start);
        tokens.Skip();
        try
        {
            return JsonNode.Parse(json[start..(int)tokens.BytesConsumed], documentOptions: ElementOptions) is JsonObject resource
                ? reader.Read(line, resource)
                : ImportedRecord.Unreadable(line, "This is no JSON object, and so no user and no group.");
        }
        catch (JsonException)
        {
            return ImportedRecord.Unreadable(line, $"The object has a name twice, or is nested more than {ScimBody.MaximumDepth} deep.");
        }
    }

    /// <summary>Counts lines while places are asked for in their order.</summary>
    private sealed class LineCount
    {
        private int _upTo, _line = 1;

        public int Of(ReadOnlySpan<byte> json, int place)
        {
            _line += json[_upTo..place].Count((byte)'\n');
            _upTo = place;
            return _line;
        }
    }
}
