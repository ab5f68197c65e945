using Directory.Api.Audit;
using Directory.Projections.Requests;

namespace Directory.Api.Requests;

/// <summary>What a question about the log of requests says.</summary>
public static class RequestParameters
{
    public static readonly string[] Filters =
        ["since", "until", "outcome", "status", "scimType", "method", "route", "connection", "requestId", "source"];

    /// <exception cref="Domain.Scim.ScimException">400 invalidValue.</exception>
    public static QueryParameters Given(IQueryCollection query) => new(query, [.. Filters, "count", "cursor"]);

    /// <exception cref="Domain.Scim.ScimException">400 invalidValue.</exception>
    public static RequestFilter Filter(QueryParameters given)
    {
        var (since, until) = given.Period("since", "until");
        return new RequestFilter
        {
            Since = since,
            Until = until,
            Failed = given.OneOf("outcome", "success", "failure") is { } outcome ? outcome == "failure" : null,
            Status = (int?)given.Number("status", 100),
            ScimType = given.Text("scimType"),
            Method = given.Text("method")?.ToUpperInvariant(),
            Route = given.Text("route"),
            Connection = given.Text("connection"),
            RequestId = given.Text("requestId"),
            Source = given.Text("source"),
        };
    }
}
