using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Directory.Domain.Imports;

namespace Directory.Api.Imports;

/// <summary>Reads a CSV file (RFC 4180, comma, UTF-8, a header) as users or as groups.</summary>
public static class CsvRecords
{
    private const string Malformed = "The line is not CSV of RFC 4180: a field with a quotation mark must be within quotation marks, and each of them doubled.";

    public static ReadRecords Read(Stream file, RecordReader reader)
    {
        var isBad = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Mode = CsvMode.RFC4180,
            IgnoreBlankLines = false, // they count
            BadDataFound = _ => isBad = true,
        };
        using var parser = new CsvParser(new StreamReader(file), configuration);
        var header = parser.Read() ? parser.Record! : []; // read before it is known whether it is bad
        if (isBad || header.Length == 0) return new ReadRecords([ImportedRecord.Unreadable(1, isBad ? Malformed : "The file is empty.")], []);
        var columns = new ImportColumns(reader, header);
        if (columns.Errors.Count > 0)
            return new ReadRecords([ImportedRecord.Unreadable(1, "") with { Errors = columns.Errors }], columns.Ignored);

        var records = new List<ImportedRecord>();
        while (true)
        {
            var line = parser.RawRow + 1; // a record may take several lines, and is called by the first of them
            isBad = false;
            if (!parser.Read()) return new ReadRecords(records, columns.Ignored);
            var cells = parser.Record!;
            if (isBad) records.Add(ImportedRecord.Unreadable(line, Malformed));
            else if (cells is not ([] or [""])) records.Add(columns.Read(line, cells));
        }
    }
}
