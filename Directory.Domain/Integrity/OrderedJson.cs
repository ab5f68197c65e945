using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Directory.Domain.Integrity;

/// <summary>How a JSON text is written of which only one form is wanted.</summary>
/// <param name="IsShortestFirst">Whether the length of a name comes before its bytes in the order of members.</param>
/// <param name="IsSpaced">Whether a space stands behind colon and comma.</param>
internal sealed record JsonForm(bool IsShortestFirst, bool IsSpaced)
{
    public static readonly JsonForm Canonical = new(false, false), Stored = new(true, true);

    public ReadOnlySpan<byte> Comma => IsSpaced ? ", "u8 : ","u8;

    public ReadOnlySpan<byte> Colon => IsSpaced ? ": "u8 : ":"u8;
}

/// <summary>Writes a JSON text anew, token by token, with the members of its objects in order.</summary>
internal static class OrderedJson
{
    private const int DeepestNesting = 512;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = DeepestNesting };

    [ThreadStatic]
    private static List<WrittenMember>? s_members;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static void Write(TextBuffer output, ReadOnlySpan<byte> json, JsonForm form)
    {
        var members = s_members ??= [];
        members.Clear(); // of a text that was none
        var reader = new Utf8JsonReader(json, Reading);
        reader.Read();
        WriteValue(output, ref reader, form, members);
        reader.Read(); // to the end, so that nothing stands behind it
    }

    /// <param name="output">Gets the value.</param>
    /// <param name="reader">At the first token of the value, and then at its last.</param>
    /// <param name="form">How it is written.</param>
    /// <param name="members">Those of the objects that are begun and not ended.</param>
    private static void WriteValue(TextBuffer output, ref Utf8JsonReader reader, JsonForm form, List<WrittenMember> members)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(output, ref reader, form, members);
                break;
            case JsonTokenType.StartArray:
                WriteArray(output, ref reader, form, members);
                break;
            case JsonTokenType.String:
                WriteText(output, ref reader);
                break;
            default:
                output.Add(reader.ValueSpan);
                break;
        }
    }

    private static void WriteArray(TextBuffer output, ref Utf8JsonReader reader, JsonForm form, List<WrittenMember> members)
    {
        output.Add((byte)'[');
        var isFirst = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!isFirst) output.Add(form.Comma);
            WriteValue(output, ref reader, form, members);
            isFirst = false;
        }

        output.Add((byte)']');
    }

    /// <summary>Writes the members as they come, each with a comma behind it, and puts them in order afterwards.</summary>
    private static void WriteObject(TextBuffer output, ref Utf8JsonReader reader, JsonForm form, List<WrittenMember> members)
    {
        output.Add((byte)'{');
        var (first, isOrdered, order) = (members.Count, true, new WrittenMember.ByName(output, form));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var start = output.Length;
            var unescaped = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : null;
            WriteText(output, ref reader);
            var name = output.Length - start - 2;
            output.Add(form.Colon);
            reader.Read();
            WriteValue(output, ref reader, form, members);
            output.Add(form.Comma);
            members.Add(new WrittenMember(start, output.Length - start, name, unescaped));
            isOrdered &= members.Count - first < 2 || order.Compare(members[^2], members[^1]) < 0;
        }

        if (!isOrdered) WrittenMember.Sort(output, CollectionsMarshal.AsSpan(members)[first..], order);
        if (members.Count > first) output.Shorten(form.Comma.Length);
        output.Add((byte)'}');
        members.RemoveRange(first, members.Count - first);
    }

    /// <summary>A string or a name: what is not escaped needs no escape.</summary>
    private static void WriteText(TextBuffer output, ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            CanonicalJson.WriteString(output, reader.GetString());
            return;
        }

        output.Add((byte)'"');
        output.Add(reader.ValueSpan);
        output.Add((byte)'"');
    }
}
