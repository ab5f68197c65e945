using System.Security.Cryptography;
using System.Text;

namespace Directory.Domain.Provisioning;

/// <summary>
/// The form of a bearer token: <c>directory_scim_</c>, <c>directory_audit_</c> or <c>directory_admin_</c>, 30 random base62 characters (178 bits), and a
/// checksum of six, so that a mistyped token is refused without a look into the database. At rest there is only its SHA-256: a token
/// has too much entropy to be guessed from its hash.
/// </summary>
public static class BearerToken
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 30, ChecksumLength = 6, PrefixLength = 6;

    private static readonly string[] Kinds = ["directory_scim_", "directory_audit_", "directory_admin_"];

    /// <param name="kind"><c>scim</c>, <c>audit</c> or <c>admin</c>.</param>
    public static string New(string kind)
    {
        var body = $"directory_{kind}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}";
        return body + Checksum(body);
    }

    /// <summary>What identifies a token without giving it away: its kind and the first characters of the secret.</summary>
    public static string Prefix(string token)
    {
        var kind = Kinds.FirstOrDefault(k => token.StartsWith(k, StringComparison.Ordinal))?.Length ?? 0;
        // Of a token in another form, chosen by an operator, only a quarter may be shown, since it may be short.
        var shown = kind > 0 ? kind + PrefixLength : Math.Min(PrefixLength, token.Length / 4);
        return token[..Math.Min(shown, token.Length)];
    }

    /// <summary>False for a token that claims to be one of ours and has a wrong checksum; a token in another form may be valid.</summary>
    public static bool CanBeValid(string token) =>
        !string.IsNullOrWhiteSpace(token)
        && (!Kinds.Any(k => token.StartsWith(k, StringComparison.Ordinal))
            || (token.Length > ChecksumLength
                && token.EndsWith(Checksum(token[..^ChecksumLength]), StringComparison.Ordinal)));

    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    public static byte[] Hash(string token)
    {
        var hash = new byte[HashLength];
        Hash(token, hash);
        return hash;
    }

    /// <param name="token">The token.</param>
    /// <param name="hash">Of <see cref="HashLength"/> bytes.</param>
    public static void Hash(string token, Span<byte> hash)
    {
        var length = Encoding.UTF8.GetMaxByteCount(token.Length);
        Span<byte> bytes = length <= 512 ? stackalloc byte[512] : new byte[length];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], hash);
    }

    private static string Checksum(string body)
    {
        var number = Crc32(Encoding.UTF8.GetBytes(body));
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var i = ChecksumLength - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(number % 62)];
            number /= 62;
        }

        return new string(digits);
    }

    /// <summary>CRC-32 as in ISO 3309, reflected polynomial EDB88320.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }
}
