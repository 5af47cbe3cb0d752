using CoopAI.Orchestration.Settings;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Transparency;

/// <summary>Who runs the service, as an administrator set it; before that, as it was configured.</summary>
public delegate Organisation HostOrganisation();

/// <summary>Registers the transparency record.</summary>
internal static class TransparencyServices
{
    public static IServiceCollection AddTransparency(this IServiceCollection services)
    {
        services.AddOptions<TransparencyOptions>()
            .BindConfiguration(TransparencyOptions.Section, o => o.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(_ => new AcceptedEvaluation(AcceptedEvaluation.DefaultPath));
        services.AddSingleton<HostOrganisation>(p => () =>
        {
            var (who, configured) = (p.GetRequiredService<OrganisationBook>().Current, p.GetRequiredService<IOptions<TransparencyOptions>>().Value.Organisation);
            return who.Name is null && configured != TransparencyOptions.Nobody ? who with { Name = configured } : who;
        });
        return services.AddSingleton<TransparencyRecords>();
    }
}
