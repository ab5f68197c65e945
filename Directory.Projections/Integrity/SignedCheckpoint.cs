using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Integrity;
using Npgsql;

namespace Directory.Projections.Integrity;

/// <summary>A checkpoint with its signature, as a row of <c>seal_checkpoint</c> or a line of a file.</summary>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, byte[] Signature)
{
    // Base64 has a +, which need not be escaped in a file.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal const string Columns = "block, hash, last_seq, time, key_id, signature";

    internal static SignedCheckpoint Read(NpgsqlDataReader row) => new(
        new Checkpoint(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4)),
        row.GetFieldValue<byte[]>(5));

    /// <summary>The newest one in the database, null if nothing is sealed yet.</summary>
    public static async Task<SignedCheckpoint?> Newest(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {Columns} from seal_checkpoint order by block desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    /// <summary>One line of JSON: block, hash, lastSequence, time, keyId, and the signature (DER) in base64.</summary>
    public string ToLine() => new JsonObject
    {
        ["block"] = Checkpoint.Block,
        ["hash"] = Convert.ToHexStringLower(Checkpoint.Hash),
        ["lastSequence"] = Checkpoint.LastSequence,
        ["time"] = Checkpoint.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["keyId"] = Checkpoint.KeyId,
        ["signature"] = Convert.ToBase64String(Signature),
    }.ToJsonString(Plain);

    /// <returns>Null when the line is not a whole checkpoint.</returns>
    public static SignedCheckpoint? Parse(string line)
    {
        try
        {
            var json = JsonNode.Parse(line)!;
            return new SignedCheckpoint(
                new Checkpoint(
                    (long)json["block"]!, Convert.FromHexString((string)json["hash"]!), (long)json["lastSequence"]!,
                    (DateTimeOffset)json["time"]!, (string)json["keyId"]!),
                Convert.FromBase64String((string)json["signature"]!));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or NullReferenceException or ArgumentNullException)
        {
            return null;
        }
    }
}
