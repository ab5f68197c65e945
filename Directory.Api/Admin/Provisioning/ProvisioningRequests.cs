using Directory.Domain.Provisioning;
using FluentValidation;

namespace Directory.Api.Admin.Provisioning;

/// <summary>Switches provisioning and sets what holds for the directory as a whole; null leaves as it is.</summary>
public sealed record SwitchRequest
{
    public bool? Enabled { get; init; }

    /// <summary>Whether the administrator has read what switching does; needed for <see cref="Enabled"/>.</summary>
    public bool Confirm { get; init; }

    public bool? Paused { get; init; }

    /// <summary>Why; kept in the audit, and of a pause told to the clients.</summary>
    public string? Reason { get; init; }

    public int? TokenDays { get; init; }

    public int? SilentHours { get; init; }
}

/// <summary>A pause or its end.</summary>
public sealed record PauseRequest
{
    public string? Reason { get; init; }
}

/// <summary>A new connection, or another name for one.</summary>
public sealed record ConnectionRequest
{
    public string? Name { get; init; }

    /// <summary>Only of a new one; null for the usual.</summary>
    public BrakeRequest? Brake { get; init; }
}

/// <summary>How many deactivations and deletions are let through; what is null is as usual.</summary>
public sealed record BrakeRequest
{
    public bool Enabled { get; init; } = true;

    public int? Changes { get; init; }

    public int? Minutes { get; init; }

    public MassChangeBrake? Brake =>
        Enabled ? new MassChangeBrake(Changes ?? MassChangeBrake.Usual.Changes, Minutes ?? MassChangeBrake.Usual.Minutes) : null;
}

/// <summary>A token to be issued.</summary>
public sealed record TokenRequest
{
    /// <summary><c>scim</c>, <c>audit</c> or <c>admin</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Of a SCIM token.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>Null for the name of the connection or the role.</summary>
    public string? Name { get; init; }

    /// <summary>Days from now; null for as many as are set for the directory, unless <see cref="ExpiresAt"/> says.</summary>
    public int? ExpiresInDays { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}

internal sealed class SwitchValidator : AbstractValidator<SwitchRequest>
{
    public SwitchValidator()
    {
        RuleFor(r => r).Must(r => r.Enabled is not null || r.Paused is not null || r.TokenDays is not null || r.SilentHours is not null)
            .WithMessage("Say what is to change: 'enabled', 'paused', 'tokenDays' or 'silentHours'.");
        RuleFor(r => r).Must(r => r is not { Enabled: false, Paused: true }).WithMessage("What is switched off cannot be paused.");
        RuleFor(r => r.Reason).Reason();
        RuleFor(r => r.TokenDays).InclusiveBetween(1, ProvisioningSettings.MostDays)
            .WithMessage($"'tokenDays' must be from 1 to {ProvisioningSettings.MostDays}.");
        RuleFor(r => r.SilentHours).InclusiveBetween(0, ProvisioningSettings.MostHours)
            .WithMessage($"'silentHours' must be from 0 (never) to {ProvisioningSettings.MostHours}.");
    }
}

internal sealed class PauseValidator : AbstractValidator<PauseRequest>
{
    public PauseValidator() => RuleFor(r => r.Reason).Reason();
}

internal sealed class ConnectionValidator : AbstractValidator<ConnectionRequest>
{
    public ConnectionValidator()
    {
        RuleFor(r => r.Name).Must(n => !string.IsNullOrWhiteSpace(n)).WithMessage("'name' is missing: what people call the connection.");
        RuleFor(r => r.Name).MaximumLength(ProvisioningDecider.LongestName)
            .WithMessage($"'name' must not have more than {ProvisioningDecider.LongestName} characters.");
        RuleFor(r => r.Brake!).SetValidator(new BrakeValidator()).When(r => r.Brake is not null);
    }
}

internal sealed class BrakeValidator : AbstractValidator<BrakeRequest>
{
    public BrakeValidator()
    {
        RuleFor(r => r.Changes).InclusiveBetween(1, MassChangeBrake.MostChanges)
            .WithMessage($"'changes' must be from 1 to {MassChangeBrake.MostChanges}.");
        RuleFor(r => r.Minutes).InclusiveBetween(1, MassChangeBrake.MostMinutes)
            .WithMessage($"'minutes' must be from 1 to {MassChangeBrake.MostMinutes}.");
        RuleFor(r => r).Must(r => r.Enabled || (r.Changes is null && r.Minutes is null))
            .WithMessage("A brake that is not enabled takes no numbers.");
    }
}

internal sealed class TokenValidator : AbstractValidator<TokenRequest>
{
    /// <param name="now">What expires must do so later.</param>
    public TokenValidator(DateTimeOffset now)
    {
        RuleFor(r => r.Kind).Must(k => TokenRole.Kinds.Contains(k, StringComparer.Ordinal))
            .WithMessage($"'kind' must be one of {string.Join(", ", TokenRole.Kinds)}.");
        RuleFor(r => r).Must(r => (r.Kind == "scim") == r.ConnectionId is not null).When(r => r.Kind is not null)
            .WithMessage("A token of the kind scim needs a 'connectionId', and no other has one.");
        RuleFor(r => r.Name).MaximumLength(ProvisioningDecider.LongestName)
            .WithMessage($"'name' must not have more than {ProvisioningDecider.LongestName} characters.");
        RuleFor(r => r.ExpiresInDays).InclusiveBetween(1, ProvisioningSettings.MostDays)
            .WithMessage($"'expiresInDays' must be from 1 to {ProvisioningSettings.MostDays}.");
        RuleFor(r => r).Must(r => r.ExpiresInDays is null || r.ExpiresAt is null).WithMessage("Give either 'expiresInDays' or 'expiresAt'.");
        RuleFor(r => r.ExpiresAt).Must(e => e is null || e > now).WithMessage("'expiresAt' must be in the future.");
        RuleFor(r => r.ExpiresAt).Must(e => e is null || e <= now.AddDays(ProvisioningSettings.MostDays))
            .WithMessage($"'expiresAt' must not be more than {ProvisioningSettings.MostDays} days away.");
    }
}

internal static class ReasonRule
{
    public static void Reason<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(r => r is null || (r.Trim().Length is > 0 and <= ProvisioningDecider.LongestReason && !r.Any(char.IsControl)))
        .WithMessage($"'reason' has 1 to {ProvisioningDecider.LongestReason} characters on one line.");
}
