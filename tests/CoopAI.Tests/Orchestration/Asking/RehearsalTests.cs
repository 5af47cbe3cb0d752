using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Orchestration.Asking;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Tests.Orchestration.Asking;

public sealed class RehearsalTests
{
    [Fact]
    public async Task It_answers_in_full_so_that_all_of_an_answer_is_compiled_and_leaves_nothing_behind()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"coopai-{Guid.NewGuid():N}");
        await using var services = CoopServices.Build(new ConfigurationBuilder().Build(), directory);

        var answer = await Rehearsal.RunAsync(services);

        Assert.Equal(Outcome.Answered, answer!.Outcome);
        // The rules in force are read from the ledger, so the database is made; nothing is put into it.
        Assert.Null(services.GetRequiredService<SqliteLedger>().Head());
        Assert.Empty(services.GetRequiredService<CaseStudyLibrary>().GetHashes());
    }
}
