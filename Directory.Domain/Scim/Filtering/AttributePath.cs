namespace Directory.Domain.Scim.Filtering;

/// <summary>
/// The <c>attrPath</c> of RFC 7644 §3.4.2.2: <c>[URI ":"] ATTRNAME ["." subAttr]</c>, in the spelling of the client.
/// </summary>
public sealed record AttributePath(string? Uri, string Name, string? SubName)
{
    public override string ToString() => (Uri is null ? "" : Uri + ":") + Name + (SubName is null ? "" : "." + SubName);
}
