using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Tests.Orchestration.Ingesting;

/// <summary>A first load that was interrupted is completed by the next start.</summary>
public sealed class FirstLoadTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-first-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task An_interrupted_first_load_says_how_far_it_came_and_the_next_start_completes_it()
    {
        var corpus = Path.Combine(_directory, "hundred.jsonl");
        await File.WriteAllLinesAsync(corpus, Enumerable.Range(0, 100).Select(i => $$"""{"slug":"s{{i:000}}","title":"Number {{i}}","text":"Residents of ward {{i}} ran a garden."}"""), TestContext.Current.CancellationToken);
        await using (var first = CoopServices.Build(new ConfigurationBuilder().Build(), _directory))
        {
            using var stop = new CancellationTokenSource();
            var service = first.GetRequiredService<CorpusService>();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.LoadShippedAsync(corpus, new StopAfterTheFirst(stop), stop.Token));
            Assert.InRange(service.FirstLoad!.Done, 24, 99);
        }

        await using var second = CoopServices.Build(new ConfigurationBuilder().Build(), _directory);
        var again = second.GetRequiredService<CorpusService>();
        var stored = again.FirstLoad!.Done;
        Assert.Equal((second.GetRequiredService<CaseStudyLibrary>().GetHashes().Count, 100), (stored, again.FirstLoad.Total));
        var report = await again.LoadShippedAsync(corpus, ct: TestContext.Current.CancellationToken);

        Assert.Equal((100 - stored, stored), (report!.Added, report.Unchanged));
        Assert.Null(again.FirstLoad);
        Assert.Equal(100, second.GetRequiredService<CaseStudyLibrary>().GetHashes().Count);
        Assert.Null(await again.LoadShippedAsync(corpus, ct: TestContext.Current.CancellationToken));
    }

    private sealed class StopAfterTheFirst(CancellationTokenSource stop) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => stop.Cancel();
    }
}
