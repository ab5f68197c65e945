using System.Globalization;
using Directory.Domain.Scim.Schema;

namespace Directory.Projections.Streams;

/// <summary>A resource as it is stored, on its way to a client.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Body">
/// The JSON text of ResourceWriter in UTF-8: everything but the location and what lives in rows; <c>meta</c> comes last.
/// </param>
/// <param name="Version">The number in <c>meta.version</c>.</param>
/// <param name="Linked">
/// The elements of <see cref="LinkedAttribute"/> as JSON text in UTF-8, null when there are none or none were asked for.
/// </param>
public sealed record StoredResource(ResourceType Type, Guid Id, byte[] Body, long Version, byte[]? Linked)
{
    /// <summary>What lives in rows and not in the body: a user's groups, a group's members.</summary>
    public string LinkedAttribute => Type.Name == "Group" ? "members" : "groups";

    /// <summary>The entity tag, the same as <c>meta.version</c> (RFC 7643 §3.1).</summary>
    public string ETag => string.Create(CultureInfo.InvariantCulture, $"W/\"{Version}\"");
}
