using System.Text.Json.Nodes;

namespace Directory.Domain.Imports;

/// <summary>What is wrong with a file that is to be imported.</summary>
/// <param name="Line">The line of the file on which the record begins, from 1.</param>
/// <param name="Attribute">The attribute, in the spelling of the file; null when it is not about a single one.</param>
/// <param name="Message">For a human.</param>
public sealed record ImportError(int Line, string? Attribute, string Message);

/// <summary>Somebody else of whom a record speaks: a group that a user is in, or a member of a group.</summary>
/// <param name="Reference">A name, an id of the file's own, or an id of the directory.</param>
/// <param name="Type"><c>User</c> or <c>Group</c>, null when the file does not say.</param>
public sealed record ImportLink(string Reference, string? Type = null);

/// <summary>One user or group of a file, as far as it can be told without the directory and without the other records.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Type"><c>User</c> or <c>Group</c>.</param>
/// <param name="Name">The userName or displayName; empty when there is none.</param>
/// <param name="Attributes">In canonical form, without members and secrets; empty when there are errors.</param>
/// <param name="SourceId">The id by which other records of the file call it; null if it has none.</param>
/// <param name="Links">Of a user: its groups. Of a group: its members.</param>
/// <param name="Withheld">The names of secrets that were supplied and discarded.</param>
public sealed record ImportedRecord(
    int Line, string Type, string Name, JsonObject Attributes, string? SourceId, IReadOnlyList<ImportLink> Links,
    IReadOnlyList<string> Withheld, IReadOnlyList<ImportError> Errors)
{
    /// <summary>A place in the file that is no record, because it cannot be read.</summary>
    public static ImportedRecord Unreadable(int line, string message) =>
        new(line, Groups.Member.User, "", [], null, [], [], [new ImportError(line, null, message)]);
}
