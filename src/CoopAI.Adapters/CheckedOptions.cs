using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoopAI.Adapters;

/// <summary>Options that are checked before anything starts.</summary>
public static class CheckedOptions
{
    /// <summary>Binds one section: a misspelt key or a value out of range stops the start.</summary>
    public static IServiceCollection AddChecked<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class
    {
        services.AddOptions<T>()
            .Bind(configuration.GetSection(section), o => o.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
    }
}
