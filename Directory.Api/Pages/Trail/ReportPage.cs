using Directory.Api.Audit;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Components;

namespace Directory.Api.Pages.Trail;

/// <summary>A page that makes a report out of what its address asks for.</summary>
public abstract class ReportPage : LoadedPage
{
    [Inject] public required Reports Reports { get; set; }

    [Inject] public required AuditLists Lists { get; set; }

    /// <summary>Why there is no report, null if there is one.</summary>
    protected string? Refusal { get; private set; }

    protected sealed override async Task Prepare()
    {
        try
        {
            Context.Features.Set(new AccessCount(await Make(Context.Tenant(), Context.RequestAborted)));
        }
        catch (ScimException refusal)
        {
            Refusal = refusal.Error.Detail;
            Context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    /// <returns>How many rows it has.</returns>
    /// <exception cref="ScimException">400: the question cannot be read.</exception>
    protected abstract Task<int> Make(string tenant, CancellationToken cancellation);
}
