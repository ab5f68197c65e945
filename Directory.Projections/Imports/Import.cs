using System.Text.Json.Nodes;

namespace Directory.Projections.Imports;

/// <summary>A file of users and groups known before.</summary>
/// <param name="Format"><c>csv</c> or <c>json</c>.</param>
/// <param name="Sha256">Of the file, in lower-case hex.</param>
/// <param name="Ignored">Columns that mean nothing here.</param>
/// <param name="Withheld">The names of secrets that the file holds and that were discarded.</param>
/// <param name="CheckJob">The job that checks it.</param>
/// <param name="RunJob">The newest job that was to import it, null before it was asked for.</param>
/// <param name="Report">What the check found: docs/import.md; null before its end.</param>
/// <param name="CompletedAt">When it was imported, null if it was not.</param>
public sealed record Import(
    Guid Id, string Tenant, string? FileName, string Format, string Sha256, long Bytes, int Records, IReadOnlyList<string> Ignored,
    IReadOnlyList<string> Withheld, DateTimeOffset UploadedAt, string UploadedBy, Guid? CheckJob, Guid? RunJob, JsonObject? Report,
    DateTimeOffset? CompletedAt)
{
    /// <summary>How many errors the check found; null before its end.</summary>
    public long? Errors => (long?)Report?["errorCount"];
}
