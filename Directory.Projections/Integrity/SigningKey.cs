using System.Security.Cryptography;

namespace Directory.Projections.Integrity;

/// <summary>
/// The key that blocks and checkpoints are signed with: ECDSA over P-256 (FIPS 186-5). It lies in a file outside the database, so
/// that whoever can write to the database cannot sign what he made of it.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        Public = new VerificationKey(key.ExportSubjectPublicKeyInfoPem());
    }

    public VerificationKey Public { get; }

    /// <summary>Reads the key (PKCS #8, PEM); where there is none, makes one that only its owner can read, and its public half beside it.</summary>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    /// <exception cref="CryptographicException">The file holds no such key.</exception>
    public static SigningKey LoadOrCreate(string path)
    {
        if (!File.Exists(path)) Create(path);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
                throw new CryptographicException($"The key in '{path}' is not one of the curve P-256.");
            return new SigningKey(key);
        }
        catch (ArgumentException e)
        {
            key.Dispose();
            throw new CryptographicException($"The file '{path}' holds no private key in PEM.", e);
        }
    }

    /// <returns>ASN.1 DER (RFC 3279 §2.2.3), as openssl takes it.</returns>
    public byte[] Sign(byte[] text) => _key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose()
    {
        _key.Dispose();
        Public.Dispose();
    }

    private static void Create(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var draft = $"{path}.{Environment.ProcessId}";
        Write(draft, key.ExportPkcs8PrivateKeyPem());
        try
        {
            // Never over another: a second process may have made one at the same moment.
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
            return;
        }

        File.WriteAllText($"{path}.pub", key.ExportSubjectPublicKeyInfoPem() + Environment.NewLine);
    }

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(path, options);
        using var writer = new StreamWriter(stream);
        writer.WriteLine(text);
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }
}
