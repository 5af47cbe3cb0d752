using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Web.Hosting;

/// <summary>Erases the text of questions and the comments on answers that are older than they are kept (<c>Ledger:RetainQuestionsDays</c>, or as an administrator set it since), at start and once a day. Proofs stay valid.</summary>
internal sealed class RetentionJob(SqliteLedger ledger, FeedbackBook feedback, RetentionBook retention, TimeProvider clock, ILogger<RetentionJob> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var daily = new PeriodicTimer(TimeSpan.FromDays(1), clock);
        do
        {
            var days = retention.Days;
            if (days == 0) continue;
            try
            {
                var erased = await Task.Run(() => ledger.EraseOlderThan(days, stoppingToken), stoppingToken);
                var comments = feedback.EraseOlderThan(days);
                log.LogInformation("The text of {Count} questions and {Comments} comments older than {Days} days was erased", erased, comments, days);
            }
            catch (Core.BadInputException e)
            {
                log.LogError("Old questions could not be erased: {Message}", e.Message);
            }
        }
        while (await daily.WaitForNextTickAsync(stoppingToken));
    }
}
