using Directory.Domain.Scim;
using Microsoft.Net.Http.Headers;

namespace Directory.Api.Audit;

/// <summary>The forms in which lists are handed out. Json answers a page, the others are exports of all.</summary>
public enum ListForm
{
    Json,
    NdJson,
    Csv,
}

/// <summary>Chooses the form by <c>Accept</c> (RFC 9110 §12.5.1).</summary>
public static class MediaTypes
{
    public const string Json = "application/json", NdJson = "application/x-ndjson", Csv = "text/csv";

    private static readonly (ListForm Form, string Type)[] Offered =
        [(ListForm.Json, Json), (ListForm.NdJson, NdJson), (ListForm.NdJson, "application/ndjson"), (ListForm.Csv, Csv)];

    /// <exception cref="ScimException">406: none of the forms that there are is accepted.</exception>
    public static ListForm Form(this HttpContext context, params ListForm[] forms)
    {
        if (forms.Length == 0) forms = [ListForm.Json, ListForm.NdJson, ListForm.Csv];
        if (context.Request.Headers.Accept.Count == 0) return forms[0];
        if (!MediaTypeHeaderValue.TryParseList(context.Request.Headers.Accept, out var accepted)) throw NotAcceptable(forms);
        var best = (Quality: 0.0, Form: forms[0]);
        foreach (var (form, type) in Offered.Where(o => forms.Contains(o.Form)))
        {
            var offered = MediaTypeHeaderValue.Parse(type);
            // The most specific range that fits decides.
            var range = accepted.Where(a => offered.IsSubsetOf(Bare(a))).OrderByDescending(a => !a.MatchesAllTypes).ThenByDescending(a => !a.MatchesAllSubTypes)
                .FirstOrDefault();
            if (range is not null && (range.Quality ?? 1) > best.Quality) best = (range.Quality ?? 1, form);
        }

        return best.Quality > 0 ? best.Form : throw NotAcceptable(forms);
    }

    private static MediaTypeHeaderValue Bare(MediaTypeHeaderValue range) => new(range.MediaType);

    private static ScimException NotAcceptable(ListForm[] forms) => new(new ScimError(
        406, null, $"This is available as {string.Join(", ", Offered.Where(o => forms.Contains(o.Form)).Select(o => o.Type))}."));
}
