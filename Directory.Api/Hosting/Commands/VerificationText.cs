using System.Globalization;
using System.Text;
using Directory.Projections.Integrity;

namespace Directory.Api.Hosting.Commands;

/// <summary>The report of a verification for a human.</summary>
public static class VerificationText
{
    public static string Of(VerificationReport report)
    {
        var text = new StringBuilder();
        Line($"{(report.Status == VerificationStatus.Ok ? "Nothing sealed was altered." : "ALTERED: the history is not what was sealed.")}");
        if (report.FirstBadSequence is { } first) Line($"First bad sequence: {first}");
        Line($"Verified: {report.Events} events and {report.Gaps} gaps in {report.Blocks} blocks, sealed through {report.SealedThrough}.");
        if (report.HeadHash is not null) Line($"Last block: {report.HeadHash}, signed with {report.KeyId}{(report.KeyTrusted ? "" : " (not known from outside)")}.");
        Line($"Checkpoints from outside the database: {report.Checkpoints}.");
        foreach (var note in report.Erasures)
            Line($"{note.Events} events of the user {note.User} were erased by {Printable(note.By)} at {note.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} (sequence {note.Sequence}{(note.Sealed ? "" : ", not sealed yet")}): {Printable(note.Reason)}");
        foreach (var finding in report.Findings)
            Line($"  {finding.Sequence?.ToString(CultureInfo.InvariantCulture) ?? "?"}  {finding.Kind}  {Printable(finding.Detail)}");
        if (report.FindingCount > report.Findings.Count) Line($"  … {report.FindingCount - report.Findings.Count} more");
        foreach (var warning in report.Warnings) Line($"Note: {warning}");
        return text.ToString().TrimEnd();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A text from outside cannot write lines of its own or steer the terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
