using System.Text.Json;
using System.Text.Json.Serialization;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Projections.Streams;
using FluentValidation;

namespace Directory.Api.Admin;

/// <summary>Reads and checks what an administrator asks, from an endpoint or a page alike.</summary>
public static class AdminRequest
{
    private const long Limit = 64 * 1024;

    // What is unknown was meant to do something, so it is refused.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>The body, and who sent it; a request without a body asks for nothing in particular.</summary>
    /// <exception cref="ScimException">400, 413, 415.</exception>
    public static async Task<(T Request, Origin Origin)> Read<T>(HttpContext context) where T : new()
    {
        if (context.Request is { ContentLength: null or 0, ContentType: null }) return (new T(), context.Origin());
        var body = await ScimBody.Read(context.Request, Limit, context.RequestAborted);
        try
        {
            return (body.Json.Deserialize<T>(Options)!, context.Origin(body.Hash));
        }
        catch (JsonException e)
        {
            throw new ScimException(ScimError.InvalidSyntax(
                $"'{e.Path?.TrimStart('$', '.')}' is unknown here or has the wrong type. There are: {string.Join(", ", Names(typeof(T)))}."));
        }
    }

    /// <exception cref="ScimException">400 invalidValue with every fault.</exception>
    public static T Demand<T>(this IValidator<T> validator, T request)
    {
        var result = validator.Validate(request);
        return result.IsValid
            ? request
            : throw new ScimException(ScimError.InvalidValue(string.Join(' ', result.Errors.Select(e => e.ErrorMessage).Distinct(StringComparer.Ordinal))));
    }

    private static IEnumerable<string> Names(Type type) => type.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
}
