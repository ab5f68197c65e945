using System.Text.Json.Nodes;
using Directory.Api.Audit;
using Directory.Api.Auth;
using Directory.Api.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Directory.Api.OpenApi;

/// <summary>What the description says of the service as a whole, its components, and the endpoints that no method stands for.</summary>
public sealed class ApiDocument(ComponentFiles components, DirectorySettings settings) : IOpenApiDocumentTransformer
{
    private static readonly (string Policy, string Description)[] Tokens =
    [
        (Roles.ScimPolicy, "The token of a SCIM connection; with or without \"Bearer \" before it."),
        (Roles.AuditPolicy, "A token of the role auditor."),
        (Roles.AdminPolicy, "A token of the role admin."),
    ];

    private static readonly (string Path, string Summary, string[] Statuses)[] Probes =
    [
        ("/health/live", "Says that the process runs; asks nobody.", ["200"]),
        ("/health/ready", "Says whether requests can be served: database, audit, seal.", ["200", "503"]),
    ];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Directory",
            Version = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
            Description = "An identity directory that remembers: SCIM 2.0, and an audit of every change with replay.",
            License = new OpenApiLicense { Name = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = settings.PublicUrl ?? "/" }];
        document.Tags = ApiTags.All.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas?.Remove(nameof(IResult));
        foreach (var (name, schema) in components.Schemas) document.AddComponent(name, Parse<OpenApiSchema>(schema, document));
        foreach (var (name, parameter) in components.Parameters) document.AddComponent(name, Parse<OpenApiParameter>(parameter, document));
        foreach (var (policy, description) in Tokens)
            document.AddComponent(policy, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = description });
        foreach (var (path, summary, statuses) in Probes) document.Paths[path] = Probe(path, summary, statuses, document);
        return Task.CompletedTask;
    }

    private static OpenApiPathItem Probe(string path, string summary, string[] statuses, OpenApiDocument document)
    {
        var probe = new OpenApiOperation
        {
            OperationId = path.Trim('/').Replace('/', '_'),
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { new(ApiTags.Of(path), document) },
            Responses = [],
        };
        foreach (var status in statuses)
            probe.Responses.Add(status, new OpenApiResponse
            {
                Description = status == "200" ? "Healthy or degraded" : "Unhealthy",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [MediaTypes.Json] = new() { Schema = new OpenApiSchemaReference("Health", document) },
                },
            });
        return new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = probe } };
    }

    private static T Parse<T>(JsonObject json, OpenApiDocument document) where T : IOpenApiElement =>
        OpenApiModelFactory.Parse<T>(json.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out _, OpenApiConstants.Json)!;
}
