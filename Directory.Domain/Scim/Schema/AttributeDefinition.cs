namespace Directory.Domain.Scim.Schema;

/// <summary>The data types of RFC 7643 §2.3.</summary>
public enum AttributeType { String, Boolean, Decimal, Integer, DateTime, Reference, Binary, Complex }

/// <summary>RFC 7643 §7, "mutability".</summary>
public enum Mutability { ReadWrite, ReadOnly, Immutable, WriteOnly }

/// <summary>RFC 7643 §7, "returned".</summary>
public enum Returned { Default, Always, Never, Request }

/// <summary>RFC 7643 §7, "uniqueness".</summary>
public enum Uniqueness { None, Server, Global }

/// <summary>
/// One attribute of a schema with the characteristics of RFC 7643 §2.2 and §7. The schema is the one source of truth: validation,
/// PATCH, filters, response shaping, discovery and redaction ask it and know no attribute by name.
/// </summary>
public sealed record AttributeDefinition(string Name, AttributeType Type)
{
    public bool MultiValued { get; init; }
    public bool Required { get; init; }
    public bool CaseExact { get; init; }
    public Mutability Mutability { get; init; } = Mutability.ReadWrite;
    public Returned Returned { get; init; } = Returned.Default;
    public Uniqueness Uniqueness { get; init; } = Uniqueness.None;
    public IReadOnlyList<string> CanonicalValues { get; init; } = [];
    public IReadOnlyList<string> ReferenceTypes { get; init; } = [];
    public IReadOnlyList<AttributeDefinition> SubAttributes { get; init; } = [];
    public string Description { get; init; } = "";

    public bool IsComplex => Type == AttributeType.Complex;

    /// <summary>A secret: never returned and never stored (RFC 7643 §7, "writeOnly" and "never").</summary>
    public bool IsSecret => Returned == Returned.Never || Mutability == Mutability.WriteOnly;

    /// <summary>What a resource is looked up by as a whole value. It has an index, which cannot hold a value of any length.</summary>
    public bool IsKey => Uniqueness != Uniqueness.None || ReferenceEquals(this, CommonAttributes.ExternalId);

    /// <summary>Bytes in UTF-8 of the value of a key at most; a page of an index holds no more than a third of itself.</summary>
    public const int MaximumKeyBytes = 2000;

    /// <summary>The sub-attribute of that name; names are compared without regard to case (RFC 7643 §2.1).</summary>
    public AttributeDefinition? Find(string name)
    {
        foreach (var sub in SubAttributes)
            if (string.Equals(sub.Name, name, StringComparison.OrdinalIgnoreCase))
                return sub;
        return null;
    }
}
