using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Provisioning;

public sealed class ProvisioningDeciderTests
{
    private static readonly Guid Okta = Guid.Parse("0198a000-0000-7000-8000-00000000000a");
    private static readonly Guid Entra = Guid.Parse("0198a000-0000-7000-8000-00000000000b");
    private static readonly Guid Token = Guid.Parse("0198a000-0000-7000-8000-00000000000c");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly MassChangeBrake Brake = new(5, 60);

    private static ProvisioningSpecification On => new(new ProvisioningEnabled("go"), new ConnectionCreated(Okta, "Okta"));

    [Fact]
    public void A_directory_begins_switched_off() => new ProvisioningSpecification().State.IsOn.ShouldBeFalse();

    [Fact]
    public void Switching_on_is_an_event_and_switching_on_again_is_none()
    {
        var off = new ProvisioningSpecification();

        off.When(new SwitchOn("Okta is ready")).ShouldBe([new ProvisioningEnabled("Okta is ready")]);
        off.After(new SwitchOn("Okta is ready")).When(new SwitchOn("again")).ShouldBeEmpty();
    }

    [Fact]
    public void Switching_off_ends_a_pause_and_keeps_connections_and_tokens()
    {
        var off = On.After(Issue()).After(new PauseProvisioning("maintenance")).After(new SwitchOff("we leave"));

        off.State.ShouldSatisfyAllConditions(
            s => s.IsOn.ShouldBeFalse(), s => s.Pause.ShouldBeNull(), s => s.Connections.Keys.ShouldBe([Okta]), s => s.Tokens.Keys.ShouldBe([Token]));
        off.When(new SwitchOff("again")).ShouldBeEmpty();
    }

    [Fact]
    public void A_pause_and_its_end_are_each_one_event()
    {
        On.When(new PauseProvisioning("maintenance")).ShouldBe([new ProvisioningPaused("maintenance")]);
        var paused = On.After(new PauseProvisioning("maintenance"));
        paused.When(new PauseProvisioning("again")).ShouldBeEmpty();
        paused.When(new ResumeProvisioning("done")).ShouldBe([new ProvisioningResumed("done")]);
        paused.After(new ResumeProvisioning("done")).When(new ResumeProvisioning("done")).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_off_cannot_be_paused() =>
        new ProvisioningSpecification().Refuses(new PauseProvisioning("maintenance")).Status.ShouldBe(409);

    [Fact]
    public void A_connection_is_set_up_with_its_brake() =>
        On.When(new CreateConnection(Entra, "  Entra ", Brake)).ShouldBe(
            [new ConnectionCreated(Entra, "Entra"), new BrakeConfigured(Entra, "Entra", null, Brake)]);

    [Fact]
    public void Setting_a_connection_up_twice_makes_one() =>
        On.When(new CreateConnection(Okta, "Okta", null)).ShouldBeEmpty();

    [Theory]
    [InlineData("okta", 409)]
    [InlineData("ＯＫＴＡ", 409)]
    [InlineData("", 400)]
    [InlineData("  ", 400)]
    [InlineData("a\nb", 400)]
    public void A_name_is_there_and_taken_by_one_connection_only(string name, int status)
    {
        On.Refuses(new CreateConnection(Entra, name, null)).Status.ShouldBe(status);
        On.After(new CreateConnection(Entra, "Entra", null)).Refuses(new RenameConnection(Entra, name)).Status.ShouldBe(status);
    }

    [Fact]
    public void A_name_of_more_than_100_characters_is_too_long()
    {
        On.When(new CreateConnection(Entra, new string('x', 100), null)).ShouldHaveSingleItem();
        On.Refuses(new CreateConnection(Entra, new string('x', 101), null)).Status.ShouldBe(400);
    }

    [Fact]
    public void A_connection_may_keep_its_name_and_spell_it_differently()
    {
        On.When(new RenameConnection(Okta, "OKTA")).ShouldBe([new ConnectionRenamed(Okta, "Okta", "OKTA")]);
        On.When(new RenameConnection(Okta, "Okta")).ShouldBeEmpty();
    }

    [Fact]
    public void The_name_of_a_removed_connection_is_free_again() =>
        On.After(new RemoveConnection(Okta)).When(new CreateConnection(Entra, "Okta", null)).ShouldHaveSingleItem();

    [Fact]
    public void Removing_a_connection_revokes_its_tokens_and_no_others()
    {
        var events = On.After(Issue()).After(Issue(Guid.Parse("0198a000-0000-7000-8000-00000000000d"), TokenRole.Auditor, null)).When(new RemoveConnection(Okta));

        events.ShouldBe([new TokenRevoked(Token, "Okta", "directory_scim_abc", "its connection was removed"), new ConnectionRemoved(Okta, "Okta")]);
        On.After(new RemoveConnection(Okta)).Refuses(new RemoveConnection(Okta)).Status.ShouldBe(404);
    }

    [Fact]
    public void A_connection_is_paused_and_resumed_by_itself()
    {
        On.When(new PauseConnection(Okta, "odd")).ShouldBe([new ConnectionPaused(Okta, "Okta", "odd")]);
        var paused = On.After(new PauseConnection(Okta, "odd"));
        paused.When(new PauseConnection(Okta, "odd")).ShouldBeEmpty();
        paused.When(new ResumeConnection(Okta, "fine")).ShouldBe([new ConnectionResumed(Okta, "Okta", "fine")]);
        On.When(new ResumeConnection(Okta, "fine")).ShouldBeEmpty();
        On.Refuses(new PauseConnection(Entra, "odd")).Status.ShouldBe(404);
    }

    [Fact]
    public void The_brake_pauses_once_and_says_what_was_too_much()
    {
        var braked = On.After(new ConfigureBrake(Okta, Brake));

        braked.When(new ApplyBrake(Okta)).ShouldBe(
            [new ConnectionPaused(Okta, "Okta", "it sent more than 5 deactivations and deletions in 60 min", Brake)]);
        braked.After(new ApplyBrake(Okta)).When(new ApplyBrake(Okta)).ShouldBeEmpty();
    }

    [Fact]
    public void A_brake_that_was_switched_off_meanwhile_does_nothing()
    {
        On.When(new ApplyBrake(Okta)).ShouldBeEmpty();
        On.When(new ApplyBrake(Entra)).ShouldBeEmpty();
    }

    [Fact]
    public void A_brake_is_set_changed_and_switched_off()
    {
        On.When(new ConfigureBrake(Okta, Brake)).ShouldBe([new BrakeConfigured(Okta, "Okta", null, Brake)]);
        var braked = On.After(new ConfigureBrake(Okta, Brake));
        braked.When(new ConfigureBrake(Okta, Brake)).ShouldBeEmpty();
        braked.When(new ConfigureBrake(Okta, null)).ShouldBe([new BrakeConfigured(Okta, "Okta", Brake, null)]);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(5, 0)]
    [InlineData(1_000_001, 60)]
    [InlineData(5, 10_081)]
    public void A_brake_has_possible_numbers(int changes, int minutes) =>
        On.Refuses(new ConfigureBrake(Okta, new MassChangeBrake(changes, minutes))).Status.ShouldBe(400);

    [Fact]
    public void A_token_is_called_after_its_connection_unless_it_has_a_name()
    {
        ((TokenIssued)On.When(Issue()).ShouldHaveSingleItem()).Name.ShouldBe("Okta");
        ((TokenIssued)On.When(Issue() with { Name = "rotation" }).ShouldHaveSingleItem()).Name.ShouldBe("rotation");
        ((TokenIssued)On.When(Issue(Token, TokenRole.Auditor, null)).ShouldHaveSingleItem()).Name.ShouldBe("auditor");
    }

    [Fact]
    public void A_connection_may_have_several_tokens()
    {
        var second = Guid.Parse("0198a000-0000-7000-8000-00000000000e");

        On.After(Issue()).After(Issue(second, TokenRole.Provisioner, Okta)).State.Tokens.Keys.ShouldBe([Token, second], ignoreOrder: true);
    }

    [Fact]
    public void A_scim_token_needs_a_connection_and_no_other_token_has_one()
    {
        On.Refuses(Issue(Token, TokenRole.Provisioner, null)).Status.ShouldBe(400);
        On.Refuses(Issue(Token, TokenRole.Auditor, Okta)).Status.ShouldBe(400);
        On.Refuses(Issue(Token, TokenRole.Provisioner, Entra)).Status.ShouldBe(404);
    }

    [Fact]
    public void A_token_cannot_end_before_it_begins() =>
        On.Refuses(Issue() with { NotBefore = Noon, ExpiresAt = Noon }).Detail.ShouldContain("before it begins");

    [Fact]
    public void A_token_is_revoked_once()
    {
        var issued = On.After(Issue());

        issued.When(new RevokeToken(Token, "leaked")).ShouldBe([new TokenRevoked(Token, "Okta", "directory_scim_abc", "leaked")]);
        issued.After(new RevokeToken(Token, null)).When(new RevokeToken(Token, null)).ShouldBeEmpty();
    }

    [Fact]
    public void Settings_are_changed_by_what_differs()
    {
        var changed = On.When(new ChangeSettings(new ProvisioningSettings(90, 24))).ShouldHaveSingleItem().ShouldBeOfType<ProvisioningSettingsChanged>();

        changed.Changes.ShouldBe([AttributeChange.Of("tokenDays", 365, 90)]);
        var after = On.After(new ChangeSettings(new ProvisioningSettings(90, 24)));
        after.State.Settings.ShouldBe(new ProvisioningSettings(90, 24));
        after.When(new ChangeSettings(new ProvisioningSettings(90, 24))).ShouldBeEmpty();
        On.Refuses(new ChangeSettings(new ProvisioningSettings(0, 24))).Status.ShouldBe(400);
        On.Refuses(new ChangeSettings(new ProvisioningSettings(90, -1))).Status.ShouldBe(400);
    }

    [Fact]
    public void A_reason_is_given_and_fits_a_line()
    {
        On.Refuses(new SwitchOff(" ")).Status.ShouldBe(400);
        On.Refuses(new PauseConnection(Okta, "line\nbreak")).Status.ShouldBe(400);
        On.Refuses(new PauseProvisioning(new string('x', 501))).Status.ShouldBe(400);
    }

    private static IssueToken Issue() => Issue(Token, TokenRole.Provisioner, Okta);

    private static IssueToken Issue(Guid id, string role, Guid? connection) => new(id, role, connection, null, "directory_scim_abc", null, null);
}
