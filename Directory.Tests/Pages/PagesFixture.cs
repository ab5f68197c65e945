using Directory.Tests.Api;
using Directory.Tests.Hosting;

namespace Directory.Tests.Pages;

/// <summary>The service for tests of its pages: sign-in may be tried as often as a test likes.</summary>
public sealed class PagesFixture(TestDatabase databases) : DirectoryFixture(databases)
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Directory:Limits:SignInsPerMinute"] = "1000" };

    /// <summary>Somebody with a browser's manners, who has not signed in.</summary>
    public Visitor Visitor() => new(Host.Server.CreateHandler());

    /// <summary>The administrator, signed in.</summary>
    public async Task<Visitor> Administrator()
    {
        var visitor = Visitor();
        await visitor.SignIn("admin", AdminPassword);
        return visitor;
    }
}
