using CoopAI.Orchestration.Settings;

namespace CoopAI.Web.Hosting;

/// <summary>Records a change of the values guidance once, at start, before the first request.</summary>
internal sealed class GuidanceAtStart(GuidanceOnRecord guidance) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        guidance.Ensure();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
