using System.Security.Cryptography;

namespace Directory.Projections.Integrity;

/// <summary>The public half of a <see cref="SigningKey"/>.</summary>
public sealed class VerificationKey : IDisposable
{
    private readonly ECDsa _key;

    /// <param name="pem">SubjectPublicKeyInfo in PEM.</param>
    /// <exception cref="CryptographicException">The text holds no such key.</exception>
    public VerificationKey(string pem)
    {
        _key = ECDsa.Create();
        try
        {
            _key.ImportFromPem(pem);
        }
        catch (ArgumentException e)
        {
            _key.Dispose();
            throw new CryptographicException("The text holds no key in PEM.", e);
        }

        Pem = _key.ExportSubjectPublicKeyInfoPem();
        Id = Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo (DER) in lower-case hex.</summary>
    public string Id { get; }

    public string Pem { get; }

    public bool Verifies(byte[] text, byte[] signature) =>
        _key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();
}
