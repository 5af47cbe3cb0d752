namespace CoopAI.Web.Transparency;

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
        return services.AddSingleton<TransparencyRecords>();
    }
}
