using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Directory.Domain.Scim;
using Microsoft.Net.Http.Headers;

namespace Directory.Api.Protocol;

/// <summary>A request body: the JSON object and the SHA-256 of the bytes, in lower-case hex.</summary>
public sealed record ScimBody(JsonObject Json, string Hash)
{
    /// <summary>Levels of nesting; what SCIM needs is six.</summary>
    public const int MaximumDepth = 32;

    private static readonly JsonNodeOptions NodeOptions = new() { PropertyNameCaseInsensitive = false };

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    /// <param name="request">Its content type must be JSON in UTF-8.</param>
    /// <param name="limit">Bytes; beyond them nothing more is read.</param>
    /// <param name="cancellation">Given up by the client.</param>
    /// <exception cref="ScimException">415, 413, 400 invalidSyntax.</exception>
    public static async Task<ScimBody> Read(HttpRequest request, long limit, CancellationToken cancellation)
    {
        DemandJson(request);
        if (request.ContentLength > limit) throw new ScimException(ScimError.PayloadTooLarge(limit));
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellation);
            if (result.Buffer.Length > limit)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw new ScimException(ScimError.PayloadTooLarge(limit));
            }

            if (result.IsCompleted) return Parse(reader, result);
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static ScimBody Parse(PipeReader reader, ReadResult result)
    {
        var buffer = result.Buffer;
        var rented = buffer.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent((int)buffer.Length);
        try
        {
            if (rented is not null) buffer.CopyTo(rented);
            var bytes = rented is null ? buffer.FirstSpan : rented.AsSpan(0, (int)buffer.Length);
            if (!Utf8.IsValid(bytes)) throw new ScimException(ScimError.InvalidSyntax("The body is not valid UTF-8."));
            var json = JsonNode.Parse(bytes, NodeOptions, DocumentOptions) as JsonObject
                ?? throw new ScimException(ScimError.InvalidSyntax("The body must be a JSON object."));
            return new ScimBody(json, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (JsonException e)
        {
            throw new ScimException(ScimError.InvalidSyntax(
                $"The body is not valid JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: it must be one object without duplicate names, nested at most {MaximumDepth} deep."));
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
            reader.AdvanceTo(buffer.End);
        }
    }

    private static void DemandJson(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.Equals("application/scim+json", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            || (type.Charset.HasValue && !type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            throw new ScimException(ScimError.UnsupportedMediaType(request.ContentType));
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && encoding != "identity")
            throw new ScimException(ScimError.UnsupportedMediaType($"{type.MediaType} with content encoding {encoding}"));
    }
}
