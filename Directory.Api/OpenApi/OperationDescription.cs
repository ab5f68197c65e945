using System.Net.Mime;
using System.Reflection;
using System.Text.Json.Nodes;
using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.Protocol;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Directory.Api.OpenApi;

/// <summary>
/// Describes an operation: what it does from the comment of its method, the rest from the attributes <see cref="TakesAttribute"/>,
/// <see cref="ReadsAttribute"/> and <see cref="AnswersAttribute"/>, who may call it from its policy, and the refusals that follow from these.
/// </summary>
public sealed class OperationDescription : IOpenApiOperationTransformer
{
    private const string ProblemJson = MediaTypeNames.Application.ProblemJson;

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor is not ControllerActionDescriptor { MethodInfo: var method }) return Task.CompletedTask;
        if (operation.Description == operation.OperationId) operation.Description = null; // there are no remarks
        operation.Summary = operation.Summary?.ReplaceLineEndings(" ");
        var (document, path) = (context.Document!, "/" + context.Description.RelativePath);
        operation.Tags = new HashSet<OpenApiTagReference> { new(ApiTags.Of(path), document) };
        if (method.GetCustomAttribute<TakesAttribute>() is { } takes)
            operation.Parameters = [.. operation.Parameters ?? [], .. takes.Parameters.Select(key => new OpenApiParameterReference(key, document))];
        if (method.GetCustomAttribute<ReadsAttribute>() is { } reads)
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content(new OpenApiSchemaReference(reads.Schema, document), reads.MediaTypes.Count > 0 ? [.. reads.MediaTypes] : Bodies(path)) };
        Answer(operation, method, path, document);
        Secure(operation, method, document);
        return Task.CompletedTask;
    }

    private static void Answer(OpenApiOperation operation, MethodInfo method, string path, OpenApiDocument document)
    {
        var answers = method.GetCustomAttributes<AnswersAttribute>().ToList();
        // What Wolverine knows of an endpoint that answers an IResult is not so.
        if (answers.Count > 0) operation.Responses = [];
        foreach (var answer in answers) operation.Responses!.Add($"{answer.Status}", Success(answer, path, document));
        foreach (var status in Refusals(operation, method, path).Concat(method.GetCustomAttribute<RefusesAttribute>()?.Statuses ?? []).Distinct().Order())
            operation.Responses![$"{status}"] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = IsScim(path)
                    ? Content(new OpenApiSchemaReference("ScimError", document), ScimJson.MediaType)
                    : Content(new OpenApiSchemaReference("Problem", document), ProblemJson),
            };
    }

    private static IOpenApiResponse Success(AnswersAttribute answers, string path, OpenApiDocument document)
    {
        var response = new OpenApiResponse { Description = ReasonPhrases.GetReasonPhrase(answers.Status) };
        if (answers.Schema is null) return response;
        response.Content = Content(new OpenApiSchemaReference(answers.Schema, document), answers.MediaTypes is { Length: > 0 } types ? types : [Form(path)]);
        if (answers.Exports)
            foreach (var type in new[] { MediaTypes.NdJson, MediaTypes.Csv })
                response.Content.Add(type, new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        return response;
    }

    private static IEnumerable<int> Refusals(OpenApiOperation operation, MethodInfo method, string path)
    {
        var takes = method.GetCustomAttribute<TakesAttribute>();
        if (operation.RequestBody is not null || takes is not null) yield return 400;
        yield return 401;
        yield return 403;
        if (path.Contains('{')) yield return 404;
        if (method.GetCustomAttributes<AnswersAttribute>().Any(a => a.Exports)) yield return 406;
        if (operation.RequestBody is not null && CanConflict(path)) yield return 409;
        if (takes?.Parameters.Contains("ifMatch") == true) yield return 412;
        if (operation.RequestBody is not null) yield return 413;
        if (operation.RequestBody is not null) yield return 415;
        yield return 429;
        yield return 503;
    }

    private static void Secure(OpenApiOperation operation, MethodInfo method, OpenApiDocument document)
    {
        if (method.GetCustomAttribute<AuthorizeAttribute>() is not { Policy: { } policy }) return;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(policy, document)] = [] }];
    }

    private static bool CanConflict(string path) =>
        IsScim(path) || path.Contains("restore", StringComparison.Ordinal) || path is "/api/admin/provisioning" or "/api/admin/connections" or "/api/admin/connections/{id}";

    private static bool IsScim(string path) => path.StartsWith(ScimAddress.Path, StringComparison.Ordinal);

    private static string Form(string path) => IsScim(path) ? ScimJson.MediaType : MediaTypes.Json;

    private static string[] Bodies(string path) => IsScim(path) ? [ScimJson.MediaType, MediaTypes.Json] : [MediaTypes.Json];

    private static Dictionary<string, OpenApiMediaType> Content(IOpenApiSchema schema, params string[] types) =>
        types.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema });
}
