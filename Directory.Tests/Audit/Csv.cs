using System.Text;

namespace Directory.Tests.Audit;

/// <summary>Reads RFC 4180 strictly: CRLF between records, quotes doubled within quotes and nowhere else.</summary>
public static class Csv
{
    public static List<string[]> Read(string text)
    {
        var (records, record, field) = (new List<string[]>(), new List<string>(), new StringBuilder());
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '"')
            {
                for (i++; ; i++)
                {
                    if (text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"') i++;
                    else if (text[i] == '"') break;
                    field.Append(text[i]);
                }

                i++;
            }
            else
                while (text[i] is not (',' or '\r'))
                    field.Append(text[i] is '"' or '\n' ? throw new FormatException($"A bare {text[i]} at {i}.") : text[i++]);

            record.Add(field.ToString());
            field.Clear();
            if (text[i] == ',')
            {
                i++;
                continue;
            }

            if (text[i..(i + 2)] != "\r\n") throw new FormatException($"No CRLF at {i}.");
            i += 2;
            records.Add([.. record]);
            record.Clear();
        }

        return records;
    }
}
