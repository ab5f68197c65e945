using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace Directory.Tests.Pages;

/// <summary>What a page answered.</summary>
public sealed record PageAnswer(int Status, string Text, string? Location, HttpResponseMessage Response);

/// <summary>Asks for pages and sends forms as a browser does: with cookies, wanting HTML, and with the form's hidden fields.</summary>
public sealed partial class Visitor(HttpMessageHandler handler, Uri? address = null)
{
    private readonly Uri root = address ?? new Uri("http://localhost/");
    private CookieContainer cookies = new();

    /// <summary>The same person with the same cookies, served by another node.</summary>
    public Visitor On(HttpMessageHandler node) => new(node, address) { cookies = cookies };

    public Task<PageAnswer> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, new Uri(root, path)));

    /// <summary>Fills in a form of a page and sends it.</summary>
    /// <param name="page">The page with the form.</param>
    /// <param name="form">The name of the form.</param>
    /// <param name="fields">What is filled in beside the hidden fields.</param>
    public Task<PageAnswer> Submit(string page, string form, params (string Name, string Value)[] fields) => Submit(page, form, page, fields);

    /// <summary>As above, for a form that a page sends elsewhere.</summary>
    public async Task<PageAnswer> Submit(string page, string form, string to, params (string Name, string Value)[] fields)
    {
        var shown = await Get(page);
        var token = FormToken().Match(shown.Text);
        if (!token.Success) throw new InvalidOperationException($"{page} has no form: {shown.Status} {shown.Location} {shown.Text}");
        return await Post(to, [("_handler", form), ("__RequestVerificationToken", token.Groups[1].Value), .. fields]);
    }

    /// <summary>Sends fields as they are.</summary>
    public Task<PageAnswer> Post(string path, params (string Name, string Value)[] fields) => Send(new HttpRequestMessage(HttpMethod.Post, new Uri(root, path))
    {
        Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
    });

    public Task<PageAnswer> SignIn(string name, string password) =>
        Submit("/sign-in", "sign-in", ("Input.Name", name), ("Input.Password", password));

    private async Task<PageAnswer> Send(HttpRequestMessage request)
    {
        var cancellation = TestContext.Current.CancellationToken;
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        if (cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } cookie) request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var client = new HttpClient(handler, disposeHandler: false);
        var response = await client.SendAsync(request, cancellation);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var header in set) cookies.SetCookies(request.RequestUri!, header);
        return new PageAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellation), response.Headers.Location?.OriginalString, response);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex FormToken();
}
