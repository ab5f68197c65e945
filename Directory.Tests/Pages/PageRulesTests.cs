using System.Text.RegularExpressions;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

/// <summary>What holds for every page, those to come as well.</summary>
public sealed partial class PageRulesTests(PageRulesTests.Compressed directory) : IClassFixture<PageRulesTests.Compressed>
{
    /// <summary>Bytes that a browser fetches for the first page, its files included.</summary>
    private const int MostBytes = 100_000;

    [Fact]
    public void Every_page_names_who_may_see_it()
    {
        var pages = directory.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).ToList();

        pages.Count.ShouldBeGreaterThan(8);
        pages.Where(e => !e.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy?.StartsWith("page.", StringComparison.Ordinal) == true))
            .Select(e => e.RoutePattern.RawText).ShouldBe(["/sign-in"]);
    }

    [Fact]
    public async Task The_first_page_is_small()
    {
        using var client = new HttpClient { BaseAddress = directory.Address };
        var page = await client.GetStringAsync("/sign-in", TestContext.Current.CancellationToken);
        var bytes = page.Length;
        foreach (Match file in File().Matches(page))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, file.Groups[1].Value);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            answer.IsSuccessStatusCode.ShouldBeTrue(file.Value);
            bytes += (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length;
        }

        bytes.ShouldBeInRange(10_000, MostBytes);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+\\.(?:css|js|svg))\"", RegexOptions.CultureInvariant)]
    private static partial Regex File();

    public sealed class Compressed(TestDatabase databases) : DirectoryFixture(databases)
    {
        protected override bool OnSocket => true;
    }
}
