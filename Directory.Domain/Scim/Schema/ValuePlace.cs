namespace Directory.Domain.Scim.Schema;

/// <summary>Where in a body a value stands, put into words only when it is refused: <c>emails[2].type</c>, counted from 0.</summary>
internal readonly record struct ValuePlace(AttributeReference Target, int? Index = null)
{
    public ValuePlace At(int index) => this with { Index = index };

    public ValuePlace Sub(AttributeDefinition sub) => this with { Target = Target with { SubAttribute = sub } };

    public ScimException Refuse(string reason) => new(ScimError.InvalidValue($"The attribute '{this}' {reason}."));

    public override string ToString()
    {
        if (Index is null) return Target.ToString();
        var attribute = (Target with { SubAttribute = null }).ToString();
        return $"{attribute}[{Index}]" + (Target.SubAttribute is null ? "" : "." + Target.SubAttribute.Name);
    }
}
