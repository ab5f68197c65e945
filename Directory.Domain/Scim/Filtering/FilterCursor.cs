using System.Globalization;
using System.Text;

namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// A place in the text of a filter or path, with the small moves the grammar of RFC 7644 §3.4.2.2 is read by. Positions in errors
/// count characters from 1.
/// </summary>
internal sealed class FilterCursor(string text, Func<int, string, ScimError> refusal)
{
    private readonly string _text = text;

    public int Index { get; private set; }
    public bool AtEnd => Index == _text.Length;
    public char Current => AtEnd ? '\0' : _text[Index];

    public ScimException Fail(string reason) => FailAt(Index, reason);

    public ScimException FailAt(int index, string reason) => new(refusal(index + 1, reason));

    /// <summary>What stands here, for an error: a character in quotes or the end.</summary>
    public string Found() => AtEnd ? "the end" : char.IsControl(Current) ? $"the character U+{(int)Current:X4}" : $"'{Current}'";

    /// <summary>Steps over white space; whether there was any. The grammar asks for one space, clients send more.</summary>
    public bool SkipSpaces()
    {
        var start = Index;
        while (IsSpace(Current)) Index++;
        return Index > start;
    }

    /// <summary>Goes on elsewhere in the same text.</summary>
    public void MoveTo(int index) => Index = index;

    public bool TryTake(char expected)
    {
        if (AtEnd || _text[Index] != expected) return false;
        Index++;
        return true;
    }

    /// <summary>Takes a keyword if it stands here whole, followed by white space, a parenthesis or the end.</summary>
    public bool TryTakeKeyword(string keyword, bool beforeParenthesis = false)
    {
        if (string.Compare(_text, Index, keyword, 0, keyword.Length, StringComparison.OrdinalIgnoreCase) != 0) return false;
        var after = Index + keyword.Length;
        if (beforeParenthesis)
        {
            var next = after;
            while (next < _text.Length && IsSpace(_text[next])) next++;
            if (next == _text.Length || _text[next] != '(') return false;
        }
        else if (after < _text.Length && !IsSpace(_text[after]) && _text[after] is not '(') return false;
        Index = after;
        return true;
    }

    public string TakeWhile(Func<char, bool> belongs)
    {
        var start = Index;
        while (!AtEnd && belongs(_text[Index])) Index++;
        return _text[start..Index];
    }

    /// <summary>A JSON string (RFC 8259 §7), its escapes resolved.</summary>
    public string TakeString()
    {
        var start = Index++;
        var value = new StringBuilder();
        while (true)
        {
            if (AtEnd) throw FailAt(start, "the string that begins here has no closing quotation mark.");
            var at = Index;
            var c = _text[Index++];
            if (c == '"') break;
            if (c == '\\') c = TakeEscape(at);
            // PostgreSQL keeps no U+0000, so no stored value can equal or contain it.
            if (c == '\0') throw FailAt(at, "a string cannot contain the character U+0000.");
            value.Append(c);
        }
        var text = value.ToString();
        return IsWellFormed(text) ? text : throw FailAt(start, "the string contains half a surrogate pair.");
    }

    /// <summary>A JSON number (RFC 8259 §6).</summary>
    public decimal TakeNumber()
    {
        var start = Index;
        var digits = TakeWhile(c => char.IsAsciiDigit(c) || c is '-' or '+' or '.' or 'e' or 'E');
        const NumberStyles json = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (digits.Length < 64 && digits[0] != '+' && decimal.TryParse(digits, json, CultureInfo.InvariantCulture, out var number)) return number;
        throw FailAt(start, "this is not a number, or one beyond the range that is kept.");
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';

    private char TakeEscape(int at)
    {
        if (AtEnd) throw FailAt(at, "the escape is cut off.");
        var escape = _text[Index++];
        return escape switch
        {
            '"' or '\\' or '/' => escape,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => TakeHex(at),
            _ => throw FailAt(at, $"'\\{(char.IsControl(escape) ? '?' : escape)}' is not an escape of JSON."),
        };
    }

    private char TakeHex(int at)
    {
        if (Index + 4 > _text.Length || !ushort.TryParse(_text.AsSpan(Index, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            throw FailAt(at, "'\\u' must be followed by four hexadecimal digits.");
        Index += 4;
        return (char)unit;
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
