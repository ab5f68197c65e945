using System.Net;
using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Microsoft.IdentityModel.Tokens;
using Shouldly;
using Xunit;

namespace Directory.Tests.Pages;

public sealed class OpenIdTests(OpenIdTests.OpenIdDirectory directory, TestDatabase databases) : IClassFixture<OpenIdTests.OpenIdDirectory>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("directory-admins", "admin", 200)]
    [InlineData("directory-auditors", "auditor", 403)]
    public async Task The_providers_groups_give_the_role(string group, string role, int administration)
    {
        directory.Provider.Person = new Person($"s-{role}", $"{role}@example.com", "everyone", group);
        using var browser = new Browser(directory);

        var landed = await browser.Follow("/sign-in/openid?returnUrl=%2F%3Fdone%3Dpassword");

        landed.Uri.PathAndQuery.ShouldBe("/?done=password");
        landed.Text.ShouldContain($"{role}@example.com");
        (await browser.Follow("/administration/authentication/provisioning")).Status.ShouldBe(administration);
        (await directory.Column<string>("select sentence from audit_entry where action = 'administrator.sign-in' order by seq desc limit 1"))
            .ShouldBe([$"{role}@example.com signed in"]);
    }

    [Fact]
    public async Task Whoever_has_no_role_here_is_refused_and_that_is_in_the_audit()
    {
        directory.Provider.Person = new Person("s-3", "nobody@example.com", "everyone");
        using var browser = new Browser(directory);

        var landed = await browser.Follow("/sign-in/openid");

        landed.Uri.PathAndQuery.ShouldBe("/sign-in?refused=role");
        landed.Text.ShouldContain("no role here");
        (await browser.Follow("/")).Uri.AbsolutePath.ShouldBe("/sign-in");
        (await Refusal()).ShouldContain("nobody@example.com: the OpenID provider vouches for this person, and no value of the claim 'groups' gives a role");
    }

    public static TheoryData<string, Action<SecurityTokenDescriptor>> Spoiled => new()
    {
        { "another audience", token => { token.Audience = "another-client"; token.Audiences.Clear(); } },
        { "another issuer", token => token.Issuer = "https://elsewhere.example/" },
        { "another nonce", token => Replace(token, "nonce", "one-that-was-used") },
        { "expired", token => { token.IssuedAt = DateTime.UnixEpoch; token.NotBefore = DateTime.UnixEpoch; token.Expires = DateTime.UnixEpoch.AddHours(1); } },
    };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public async Task A_token_that_is_not_meant_for_this_sign_in_is_refused(string what, Action<SecurityTokenDescriptor> spoil)
    {
        directory.Provider.Person = new Person("s-4", "admin@example.com", "directory-admins");
        directory.Provider.Spoil = spoil;
        try
        {
            using var browser = new Browser(directory);

            (await browser.Follow("/sign-in/openid")).Uri.PathAndQuery.ShouldBe("/sign-in?refused=provider", what);

            (await browser.Follow("/")).Uri.AbsolutePath.ShouldBe("/sign-in", what);
            (await Refusal()).ShouldContain("the answer of the OpenID provider was not accepted");
        }
        finally
        {
            directory.Provider.Spoil = _ => { };
        }
    }

    [Fact]
    public async Task A_callback_is_good_once_and_only_for_the_browser_that_asked()
    {
        directory.Provider.Person = new Person("s-5", "admin@example.com", "directory-admins");
        using var browser = new Browser(directory);
        await browser.Follow("/sign-in/openid");
        var callback = browser.Visited.Single(uri => uri.AbsolutePath == "/sign-in/callback").PathAndQuery;

        using var other = new Browser(directory);
        var before = await directory.Scalar<long>("select max(seq) from audit_entry");

        (await browser.Follow(callback)).Uri.PathAndQuery.ShouldBe("/sign-in?refused=provider");
        (await other.Follow(callback)).Uri.PathAndQuery.ShouldBe("/sign-in?refused=provider");
        (await other.Follow("/")).Uri.AbsolutePath.ShouldBe("/sign-in");

        (await directory.Column<string>("select action || ': ' || sentence from audit_entry where seq > $1 order by seq", before)).ShouldBe(
            Enumerable.Repeat("administrator.sign-in.refuse: Sign-in was refused: the answer of the OpenID provider was not accepted", 2));
        var code = System.Web.HttpUtility.ParseQueryString(callback[callback.IndexOf('?', StringComparison.Ordinal)..])["code"].ShouldNotBeNull();
        (await directory.Scalar<bool>("select exists (select from mt_events where data::text like '%' || $1 || '%')", code)).ShouldBeFalse();
    }

    [Fact]
    public async Task Local_accounts_still_sign_in()
    {
        using var browser = new Browser(directory);

        (await browser.Follow("/sign-in")).Text.ShouldContain("Sign in with your organisation");
    }

    [Fact]
    public async Task Behind_a_proxy_the_provider_sends_people_back_to_the_public_address()
    {
        await using var behindProxy = new PublicDirectory(databases, directory.Provider);
        await behindProxy.InitializeAsync();

        var asked = await new Visitor(behindProxy.Host.Server.CreateHandler()).Get("/sign-in/openid?returnUrl=%2Faudit");

        asked.Status.ShouldBe(302);
        var location = new Uri(asked.Location!);
        location.GetLeftPart(UriPartial.Authority).ShouldBe(directory.Provider.Address.GetLeftPart(UriPartial.Authority));
        System.Web.HttpUtility.ParseQueryString(location.Query)["redirect_uri"].ShouldBe("https://directory.example.com/sign-in/callback");
        var cookies = asked.Response.Headers.GetValues("Set-Cookie").ToList();
        cookies.ShouldNotBeEmpty();
        cookies.ShouldAllBe(c => c.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    private Task<string> Refusal() => directory.Scalar<string>(
        "select sentence from audit_entry where action = 'administrator.sign-in.refuse' order by seq desc limit 1");

    private static void Replace(SecurityTokenDescriptor token, string claim, string value)
    {
        foreach (var old in token.Subject.FindAll(claim).ToList()) token.Subject.RemoveClaim(old);
        token.Subject.AddClaim(new System.Security.Claims.Claim(claim, value));
    }

    /// <summary>The service with an OpenID provider beside it.</summary>
    public sealed class OpenIdDirectory(TestDatabase databases) : DirectoryFixture(databases)
    {
        public OpenIdProvider Provider { get; } = new();

        protected override bool OnSocket => true;

        protected override IReadOnlyDictionary<string, string> Settings => Of(Provider);

        public static Dictionary<string, string> Of(OpenIdProvider provider) => new()
        {
            ["Directory:OpenIdConnect:Authority"] = provider.Address.ToString(),
            ["Directory:OpenIdConnect:ClientId"] = OpenIdProvider.ClientId,
            ["Directory:OpenIdConnect:ClientSecret"] = OpenIdProvider.ClientSecret,
            ["Directory:OpenIdConnect:Admins"] = "directory-admins, owners",
            ["Directory:OpenIdConnect:Auditors"] = "directory-auditors",
        };

        public override async ValueTask InitializeAsync()
        {
            await Provider.Start();
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }

    /// <summary>The service as a proxy that ends TLS has it behind it.</summary>
    private sealed class PublicDirectory(TestDatabase databases, OpenIdProvider provider) : DirectoryFixture(databases)
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(OpenIdDirectory.Of(provider)) { ["Directory:PublicUrl"] = "https://directory.example.com/" };
    }

    /// <summary>Follows redirects between the service and the provider, with a cookie jar, and remembers where it has been.</summary>
    private sealed class Browser(OpenIdDirectory directory) : IDisposable
    {
        private readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });

        public List<Uri> Visited { get; } = [];

        public async Task<(int Status, Uri Uri, string Text)> Follow(string path)
        {
            for (var uri = new Uri(directory.Address, path); ;)
            {
                Visited.Add(uri);
                Visited.Count.ShouldBeLessThan(30, "redirects go in a circle");
                using var request = new HttpRequestMessage(HttpMethod.Get, uri);
                request.Headers.TryAddWithoutValidation("Accept", "text/html");
                using var answer = await client.SendAsync(request, Cancellation);
                if (answer.Headers.Location is not { } next) return ((int)answer.StatusCode, uri, await answer.Content.ReadAsStringAsync(Cancellation));
                uri = new Uri(uri, next);
            }
        }

        public void Dispose() => client.Dispose();
    }
}
