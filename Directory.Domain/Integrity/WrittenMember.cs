using System.Buffers;

namespace Directory.Domain.Integrity;

/// <summary>A member of an object where it stands in a buffer: a quote, its name, and all the rest up to and with a comma.</summary>
/// <param name="NameLength">In bytes, as it is written.</param>
/// <param name="Unescaped">The name in UTF-8, when it is not written so; else null.</param>
internal readonly record struct WrittenMember(int Start, int Length, int NameLength, byte[]? Unescaped)
{
    /// <summary>Puts members that follow one another in the order of their names.</summary>
    public static void Sort(TextBuffer output, Span<WrittenMember> members, ByName order)
    {
        var (start, length) = (members[0].Start, output.Length - members[0].Start);
        members.Sort(order);
        var sorted = ArrayPool<byte>.Shared.Rent(length);
        var place = 0;
        foreach (var member in members)
        {
            output.Part(member.Start, member.Length).CopyTo(sorted.AsSpan(place));
            place += member.Length;
        }

        sorted.AsSpan(0, length).CopyTo(output.Part(start, length));
        ArrayPool<byte>.Shared.Return(sorted, clearArray: true);
    }

    /// <summary>The order of code points, which is that of UTF-8 bytes; members of one name stay in their order.</summary>
    internal readonly struct ByName(TextBuffer output, JsonForm form) : IComparer<WrittenMember>
    {
        public int Compare(WrittenMember x, WrittenMember y)
        {
            var left = Name(x);
            var right = Name(y);
            var order = form.IsShortestFirst && left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
            return order != 0 ? order : x.Start.CompareTo(y.Start);
        }

        private ReadOnlySpan<byte> Name(WrittenMember member) => member.Unescaped ?? output.Part(member.Start + 1, member.NameLength);
    }
}
