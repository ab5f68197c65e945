using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Directory.Projections.Provisioning;

namespace Directory.Api.Protocol;

/// <summary>
/// Makes a cursor of what a node wants to know again later: encrypted and authenticated (AES-GCM), so that it neither tells what is
/// in it nor can be altered, nor used where it does not belong. Every node can open it; nothing is stored.
/// </summary>
/// <param name="secret">Of the installation.</param>
/// <param name="purpose">What the cursors are for; those of one purpose are worthless for another.</param>
/// <param name="clock">Of the database, the same for all nodes.</param>
public sealed class CursorSeal(InstallationSecret secret, string purpose, TimeProvider clock)
{
    private const int HourLength = sizeof(uint), NonceLength = 12, TagLength = 16, TimeLength = sizeof(long);
    private const int Overhead = HourLength + NonceLength + TimeLength + TagLength;
    private const int LongestText = 8192;

    /// <param name="content">What is sealed.</param>
    /// <param name="context">What the cursor belongs to; only with the same it can be opened.</param>
    /// <returns>Characters of base64url, which are unreserved in an address (RFC 3986 §2.3).</returns>
    public string Seal(ReadOnlySpan<byte> content, string context)
    {
        var now = clock.GetUtcNow();
        var hour = (uint)(now.ToUnixTimeSeconds() / 3600);
        var plain = new byte[TimeLength + content.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, now.ToUnixTimeMilliseconds());
        content.CopyTo(plain.AsSpan(TimeLength));

        var sealedBytes = new byte[Overhead + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(sealedBytes, hour);
        var nonce = sealedBytes.AsSpan(HourLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher(hour);
        cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(HourLength + NonceLength, plain.Length), sealedBytes.AsSpan(^TagLength..),
            Encoding.UTF8.GetBytes(context));
        return Base64Url.EncodeToString(sealedBytes);
    }

    /// <returns>What was sealed and how long ago; null if the text is not a cursor of this purpose and context.</returns>
    public (byte[] Content, TimeSpan Age)? Open(string text, string context)
    {
        if (text.Length > LongestText || !Base64Url.IsValid(text)) return null;
        var sealedBytes = Base64Url.DecodeFromChars(text);
        if (sealedBytes.Length < Overhead) return null;
        var plain = new byte[sealedBytes.Length - Overhead + TimeLength];
        using var cipher = Cipher(BinaryPrimitives.ReadUInt32BigEndian(sealedBytes));
        try
        {
            cipher.Decrypt(sealedBytes.AsSpan(HourLength, NonceLength), sealedBytes.AsSpan(HourLength + NonceLength, plain.Length),
                sealedBytes.AsSpan(^TagLength..), plain, Encoding.UTF8.GetBytes(context));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var made = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(plain));
        return (plain[TimeLength..], clock.GetUtcNow() - made);
    }

    // A key for every hour, so that the nonces, which are random, stay far below the number at which two of one key might be equal.
    private AesGcm Cipher(uint hour) => new(secret.Key($"{purpose} {hour}"), TagLength);
}
