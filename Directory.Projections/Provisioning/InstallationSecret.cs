using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Provisioning;

/// <summary>
/// One random secret per installation, the same on every node, from which a key for each purpose is derived (HKDF, RFC 5869).
/// </summary>
public sealed class InstallationSecret(NpgsqlDataSource database)
{
    private const int Length = 32;

    private byte[]? _secret;

    /// <summary>Makes the secret on the first start of the first node; called once before anything is served.</summary>
    public async Task Load(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            with made as (insert into installation_secret (name, value) values ('root', $1) on conflict do nothing returning value)
            select value from made union all select value from installation_secret where name = 'root' limit 1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = RandomNumberGenerator.GetBytes(Length), NpgsqlDbType = NpgsqlDbType.Bytea });
        // A node that loses the race sees neither row in this statement, and the other's in the next.
        _secret = (byte[]?)await command.ExecuteScalarAsync(cancellation) ?? (byte[])(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>A name for this installation, which tells nothing of the secret: 16 hex digits.</summary>
    public string InstallationId => Convert.ToHexStringLower(Key("installation id").AsSpan(0, 8));

    /// <param name="purpose">Different purposes get keys that tell nothing of each other.</param>
    public byte[] Key(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _secret ?? throw new InvalidOperationException("The secret is not loaded yet."), Length,
        info: Encoding.UTF8.GetBytes(purpose));
}
