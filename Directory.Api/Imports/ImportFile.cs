using System.Security.Cryptography;
using System.Text.Unicode;
using Directory.Domain.Imports;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Directory.Api.Imports;

/// <summary>What was read of a file.</summary>
/// <param name="Ignored">Columns that mean nothing here.</param>
public sealed record ReadRecords(IReadOnlyList<ImportedRecord> Records, IReadOnlyList<string> Ignored);

/// <summary>A file of users and groups as it was uploaded.</summary>
/// <param name="Name">As the client called it, null if it did not.</param>
/// <param name="Format"><c>csv</c> or <c>json</c>.</param>
public sealed record ImportFile(string? Name, string Format, byte[] Content)
{
    /// <summary>Bytes of a file; more than 100,000 users fit.</summary>
    public const long Limit = 64L * 1024 * 1024;

    private const int LongestName = 200;

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <exception cref="ScimException">415: neither CSV nor JSON. 400: not in UTF-8.</exception>
    public static ImportFile Of(string? name, string? mediaType, byte[] content)
    {
        var format = mediaType?.ToLowerInvariant() switch
        {
            "text/csv" or "application/vnd.ms-excel" => "csv",
            "application/json" or "application/scim+json" or "application/x-ndjson" or "application/jsonl" or "application/ndjson" => "json",
            null or "application/octet-stream" or "text/plain" => System.IO.Path.GetExtension(name)?.ToLowerInvariant() switch
            {
                ".csv" => "csv",
                ".json" or ".ndjson" or ".jsonl" => "json",
                _ => null,
            },
            _ => null,
        } ?? throw Unsupported(mediaType);
        if (!Utf8.IsValid(content)) throw new ScimException(ScimError.InvalidSyntax("The file is not valid UTF-8."));
        return new ImportFile(Cut(name), format, content);
    }

    /// <summary>
    /// Reads the body of a request: the file itself (<c>text/csv</c>, <c>application/json</c>, <c>application/x-ndjson</c>), or a form
    /// (<c>multipart/form-data</c>, RFC 7578) with one.
    /// </summary>
    /// <exception cref="ScimException">400, 413, 415.</exception>
    public static async Task<ImportFile> Read(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > Limit) throw new ScimException(ScimError.PayloadTooLarge(Limit));
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = Limit;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) throw Unsupported(request.ContentType);
        if (type.Charset.HasValue && !type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)) throw Unsupported(request.ContentType);
        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return await ReadForm(request, HeaderUtilities.RemoveQuotes(type.Boundary).Value, cancellation);
        var name = ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition) ? NameOf(disposition) : null;
        return Of(name, type.MediaType.Value, await ReadAll(request.Body, cancellation));
    }

    /// <summary>What the file says; what is wrong with a record is told by the record.</summary>
    public ReadRecords Records(RecordReader reader)
    {
        var content = Content.AsSpan().StartsWith("\uFEFF"u8) ? Content.AsMemory(3) : Content;
        return Format == "csv" ? CsvRecords.Read(new MemoryStream(content.ToArray()), reader) : JsonRecords.Read(content.Span, reader);
    }

    private static async Task<ImportFile> ReadForm(HttpRequest request, string? boundary, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(boundary)) throw new ScimException(ScimError.InvalidSyntax("The form has no boundary."));
        try
        {
            var parts = new MultipartReader(boundary, request.Body);
            while (await parts.ReadNextSectionAsync(cancellation) is { } part)
                if (ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) && disposition.IsFileDisposition())
                    return Of(
                        NameOf(disposition), MediaTypeHeaderValue.TryParse(part.ContentType, out var type) ? type.MediaType.Value : null,
                        await ReadAll(part.Body, cancellation));
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            throw new ScimException(ScimError.InvalidSyntax("The form cannot be read."));
        }

        throw new ScimException(ScimError.InvalidSyntax("The form has no file."));
    }

    private static async Task<byte[]> ReadAll(Stream body, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (content.Length + read > Limit) throw new ScimException(ScimError.PayloadTooLarge(Limit));
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    private static string? NameOf(ContentDispositionHeaderValue disposition) =>
        (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;

    /// <summary>The name without folders and control characters, for people to recognise.</summary>
    private static string? Cut(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        var bare = new string([.. name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]).Trim();
        return bare.Length == 0 ? null : bare.Length <= LongestName ? bare : bare[..LongestName];
    }

    private static ScimException Unsupported(string? type) => new(new ScimError(
        415, null, $"The media type '{type ?? "none"}' is not supported; send text/csv, application/json or application/x-ndjson in UTF-8, or a form with such a file."));
}
