using Directory.Projections.Provisioning;

namespace Directory.Api.Admin.Provisioning;

/// <summary>What provisioning is administered with.</summary>
public static class ProvisioningRegistration
{
    public static IServiceCollection AddProvisioning(this IServiceCollection services)
    {
        services.AddSingleton<ProvisioningStream>();
        services.AddSingleton<TokenStore>();
        return services;
    }
}
