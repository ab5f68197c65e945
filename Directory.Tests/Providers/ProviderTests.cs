using Directory.Tests.Api;
using Directory.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Providers;

/// <summary>Each file of a provider's folder is replayed on a database of its own.</summary>
public abstract class ProviderTests(TestDatabase databases, string provider)
{
    protected static IEnumerable<TheoryDataRow<string>> Files(string provider) => System.IO.Directory
        .GetFiles(Folder(provider), "*.json")
        .Select(Path.GetFileNameWithoutExtension)
        .Where(name => name != "headers")
        .Order(StringComparer.Ordinal)
        .Select(name => new TheoryDataRow<string>(name!));

    protected async Task Replay(string name)
    {
        await using var directory = new DirectoryFixture(databases);
        await directory.InitializeAsync();
        var recording = new Recording(directory, Folder(provider));

        await recording.Replay(Recording.Read(Path.Combine(Folder(provider), name + ".json")).AsArray());

        await Invariants.ShouldHold(directory);
        await Secrets.ShouldBeNowhere(
            directory, [.. recording.Passwords, directory.ScimToken, directory.AuditToken, DirectoryFixture.AdminPassword]);
        directory.Log.Errors.ShouldBeEmpty();
    }

    private static string Folder(string provider) => Path.Combine(AppContext.BaseDirectory, "Providers", provider);
}

/// <summary>A custom app of Okta's App Integration Wizard: every write after the creation is a PUT.</summary>
public sealed class OktaWizardTests(TestDatabase databases) : ProviderTests(databases, Provider)
{
    private const string Provider = "okta-aiw";

    public static IEnumerable<TheoryDataRow<string>> Recordings => Files(Provider);

    [Theory, MemberData(nameof(Recordings))]
    public Task the_service_answers_as_the_wizards_app_needs_it(string recording) => Replay(recording);
}

/// <summary>An app of Okta's catalog: activation, passwords and groups by PATCH.</summary>
public sealed class OktaCatalogTests(TestDatabase databases) : ProviderTests(databases, Provider)
{
    private const string Provider = "okta-oin";

    public static IEnumerable<TheoryDataRow<string>> Recordings => Files(Provider);

    [Theory, MemberData(nameof(Recordings))]
    public Task the_service_answers_as_the_catalog_app_needs_it(string recording) => Replay(recording);
}

/// <summary>Microsoft Entra ID, with and without its flag for requests nearer to the RFC.</summary>
public sealed class EntraTests(TestDatabase databases) : ProviderTests(databases, Provider)
{
    private const string Provider = "entra";

    public static IEnumerable<TheoryDataRow<string>> Recordings => Files(Provider);

    [Theory, MemberData(nameof(Recordings))]
    public Task the_service_answers_as_entra_needs_it(string recording) => Replay(recording);
}
