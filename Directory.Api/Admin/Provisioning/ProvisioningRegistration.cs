using Directory.Api.Auth;
using Directory.Projections.Provisioning;

namespace Directory.Api.Admin.Provisioning;

/// <summary>What provisioning is administered with.</summary>
public static class ProvisioningRegistration
{
    public static IServiceCollection AddProvisioning(this IServiceCollection services)
    {
        services.AddSingleton<ProvisioningStream>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<TokenExpiry>();
        services.AddSingleton<BrakeHistory>();
        services.AddSingleton<ConnectionActivity>();
        services.AddSingleton<ProvisioningQuery>();
        services.AddSingleton<ProvisioningAdministration>();
        services.AddSingleton<AuthenticationFailures>();
        services.AddSingleton<ProvisioningSignal>();
        services.AddHostedService(s => s.GetRequiredService<ProvisioningSignal>());
        services.AddSingleton<TokenExpiryService>();
        services.AddHostedService(s => s.GetRequiredService<TokenExpiryService>());
        services.AddHostedService<ConnectionActivityService>();
        return services;
    }
}
