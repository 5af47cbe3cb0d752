using CoopAI.Adapters.Sqlite;

namespace CoopAI.Web.Hosting;

/// <summary>Erases the text of questions and the comments on answers that are older than the host keeps them (<c>Ledger:RetainQuestionsDays</c>), at start and once a day. Proofs stay valid.</summary>
internal sealed class RetentionJob(SqliteLedger ledger, FeedbackBook feedback, LedgerOptions options, TimeProvider clock, ILogger<RetentionJob> log) : BackgroundService
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
                var comments = feedback.EraseOlderThan(options.RetainQuestionsDays);
                log.LogInformation("The text of {Count} questions and {Comments} comments older than {Days} days was erased", erased, comments, options.RetainQuestionsDays);
            }
            catch (Core.BadInputException e)
            {
                log.LogError("Old questions could not be erased: {Message}", e.Message);
            }
        }
        while (await daily.WaitForNextTickAsync(stoppingToken));
    }
}
