using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoopAI.Adapters.Sqlite;

/// <summary>The ledger's part of the composition.</summary>
internal static class LedgerServices
{
    public static IServiceCollection AddLedger(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<LedgerOptions>(configuration, LedgerOptions.Section);
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<SqliteLedger>>();
            return new SqliteLedger(
                provider.GetRequiredService<CoopDatabase>(), provider.GetRequiredService<LedgerOptions>(), provider.GetRequiredService<TimeProvider>(),
                message => log.LogWarning("{Message}", message),
                door: draft => provider.GetRequiredService<GuidanceFramework>().RefusePersonalData(draft));
        });
        services.AddSingleton<ILedger>(provider => provider.GetRequiredService<SqliteLedger>());
        services.AddSingleton<ILedgerReader>(provider => provider.GetRequiredService<SqliteLedger>());
        services.AddSingleton<FeedbackBook>();
        services.AddAccounts();
        services.AddSingleton<QuestionShelf>();
        return services;
    }
}
