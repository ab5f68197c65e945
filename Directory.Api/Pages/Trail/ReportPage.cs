using Directory.Api.Audit;
using Directory.Api.Protocol;
using Directory.Api.Requests;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Components;

namespace Directory.Api.Pages.Trail;

/// <summary>A page that makes a report out of what its address asks for.</summary>
public abstract class ReportPage : LoadedPage
{
    /// <summary>The parameter of the address that says how many rows come before.</summary>
    public const string Start = "start";

    [Inject] public required Reports Reports { get; set; }

    [Inject] public required AuditLists Lists { get; set; }

    /// <summary>Why there is no report, null if there is one.</summary>
    protected string? Refusal { get; private set; }

    /// <summary>What the report is asked for, without the place in it.</summary>
    protected IQueryCollection Asked { get; private set; } = QueryCollection.Empty;

    /// <summary>Rows before those that are shown.</summary>
    protected int Skipped { get; private set; }

    protected sealed override async Task Prepare()
    {
        try
        {
            var start = new QueryParameters(new QueryCollection(Context.Request.Query.Where(p => p.Key == Start).ToDictionary()), Start);
            Skipped = (int)Math.Min(start.Number(Start, 0) ?? 0, int.MaxValue);
            Asked = new QueryCollection(Context.Request.Query.Where(p => p.Key != Start).ToDictionary());
            Context.Features.Set(new AccessCount(await Make(Context.Tenant(), Context.RequestAborted)));
        }
        catch (ScimException refusal)
        {
            Refusal = refusal.Error.Detail;
            Context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    /// <summary>As many rows as a page has.</summary>
    protected IEnumerable<T> Shown<T>(IReadOnlyList<T> rows) => rows.Skip(Skipped).Take(ReportFrame.Most);

    /// <returns>How many rows it has.</returns>
    /// <exception cref="ScimException">400: the question cannot be read.</exception>
    protected abstract Task<int> Make(string tenant, CancellationToken cancellation);
}
