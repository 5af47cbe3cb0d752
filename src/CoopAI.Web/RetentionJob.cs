using CoopAI.Adapters.Embedded;

namespace CoopAI.Web;

/// <summary>Erases the text of questions that are older than the host keeps them (<c>Ledger:RetainQuestionsDays</c>), at start and once a day. Proofs stay valid.</summary>
internal sealed class RetentionJob(SqliteLedger ledger, LedgerOptions options, TimeProvider clock, ILogger<RetentionJob> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.RetainQuestionsDays == 0) return;
        using var daily = new PeriodicTimer(TimeSpan.FromDays(1), clock);
        do
        {
            try
            {
                var erased = await Task.Run(() => ledger.EraseOlderThan(options.RetainQuestionsDays, stoppingToken), stoppingToken);
                log.LogInformation("The text of {Count} questions older than {Days} days was erased", erased, options.RetainQuestionsDays);
            }
            catch (Core.BadInputException e)
            {
                log.LogError("Old questions could not be erased: {Message}", e.Message);
            }
        }
        while (await daily.WaitForNextTickAsync(stoppingToken));
    }
}
