namespace Directory.Api.OpenApi;

/// <summary>The query parameters and headers of an endpoint, by their keys in <c>Components/parameters.json</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesAttribute(params string[] parameters) : Attribute
{
    public IReadOnlyList<string> Parameters => parameters;
}

/// <summary>The body that an endpoint reads, by the name of its schema.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadsAttribute(string schema, params string[] mediaTypes) : Attribute
{
    public string Schema => schema;

    /// <summary>Empty for those that such a path takes.</summary>
    public IReadOnlyList<string> MediaTypes => mediaTypes;
}

/// <summary>Statuses of refusals that do not follow from what the endpoint takes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RefusesAttribute(params int[] statuses) : Attribute
{
    public IReadOnlyList<int> Statuses => statuses;
}

/// <summary>What an endpoint answers when all is well, by the name of the schema; without one when the answer has no body.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AnswersAttribute(string? schema = null, int status = StatusCodes.Status200OK) : Attribute
{
    public string? Schema => schema;

    public int Status => status;

    /// <summary>Empty for those that such a path answers with.</summary>
    public string[] MediaTypes { get; init; } = [];

    /// <summary>Whether the rows can be had as NDJSON and CSV too.</summary>
    public bool Exports { get; init; }
}
