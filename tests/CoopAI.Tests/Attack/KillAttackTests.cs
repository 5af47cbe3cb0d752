using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger;
using Microsoft.Data.Sqlite;

namespace CoopAI.Tests.Attack;

/// <summary>The service and the command line are killed in the middle of their work: nothing that was shown is lost, nothing is half, and the next start goes on.</summary>
/// <remarks>Two kills of each kind by default; <c>tools/attack</c> sets <c>COOPAI_ATTACK_KILLS</c> to many.</remarks>
public sealed class KillAttackTests : IDisposable
{
    private const int Seed = 13, FirstLoadOf = 121;

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-attack-").FullName;
    private readonly Random _random = new(Seed + int.Parse(Environment.GetEnvironmentVariable("COOPAI_ATTACK_ROUND") ?? "0", CultureInfo.InvariantCulture));

    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("COOPAI_ATTACK_KILLS") ?? "2", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_first_load_that_is_killed_again_and_again_is_completed_by_the_next_start()
    {
        var kills = 0;
        for (var round = 0; kills < Kills; round++)
        {
            var data = Path.Combine(_directory, $"first-{round}");
            var before = -1;
            while (kills < Kills && Stored(data) < FirstLoadOf)
            {
                using var child = Start("ingest", "--list", "--data", data);
                using var asking = Start("ask", "Which councils lend tools?", "--data", data);
                await KillAsync(asking, _random.Next(200, 3000));
                await KillAsync(child, 0);
                kills++;
                Sound(data);
                // Whole batches alone, and never fewer than before.
                Assert.True(Stored(data) >= before, $"{Stored(data)} of {before} are left");
                before = Stored(data);
            }

            if (kills < Kills && Stored(data) == FirstLoadOf) continue;
            using var last = Start("ask", "Which councils lend tools?", "--data", data);
            await last.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(FirstLoadOf, Stored(data));
            Sound(data);
        }

        Tell($"{kills} kills of a first load, 0 lost");
    }

    [Fact]
    public async Task An_import_that_is_killed_is_all_or_nothing_and_complete_when_it_is_given_again()
    {
        var file = Path.Combine(_directory, "sixty.jsonl");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 60).Select(i => $$"""{"slug":"s{{i:00}}","title":"Garden of ward {{i}}","text":"Residents of ward {{i}} ran a garden. The council lent them spade number {{i}}. They grew beans for {{i + 3}} families."}"""), TestContext.Current.CancellationToken);
        for (var kill = 0; kill < Kills; kill++)
        {
            var data = Path.Combine(_directory, $"import-{kill}");
            using (var child = Start("ingest", file, "--data", data, "--by", "Ann")) await KillAsync(child, _random.Next(300, 4000));
            Assert.True(Stored(data) is 0 or 60, $"kill {kill}: {Stored(data)} of 60 are stored");
            Sound(data);
            if (kill % 5 != 0) continue;
            using var again = Start("ingest", file, "--data", data, "--by", "Ann");
            await again.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(60, Stored(data));
            Sound(data);
        }

        Tell($"{Kills} kills of an import, each all or nothing");
    }

    [Fact]
    public async Task No_answer_that_was_shown_is_lost_when_the_service_is_killed()
    {
        var file = Path.Combine(_directory, "small.jsonl");
        await File.WriteAllTextAsync(file, """{"slug":"youth-panel","title":"Youth panel of Northbeck","text":"Northbeck Council set up a panel of young people. The young people shared out money for youth projects."}""" + "\n", TestContext.Current.CancellationToken);
        var data = Path.Combine(_directory, "asked");
        using (var ingest = Start("ingest", file, "--data", data, "--by", "Ann")) await ingest.WaitForExitAsync(TestContext.Current.CancellationToken);
        var shown = new ConcurrentBag<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var service = Start("serve", "--urls", "http://127.0.0.1:0", "--data", data);
            var address = await AddressAsync(service);
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            var before = shown.Count;
            var askers = Enumerable.Range(0, 4).Select(_ => AskAsync(client, shown)).ToList();
            // In the middle of answering, however busy the machine is.
            for (var i = 0; i < 12_000 && shown.Count < before + 3 && !service.HasExited; i++) await Task.Delay(5, TestContext.Current.CancellationToken);
            await KillAsync(service, _random.Next(0, 400));
            await Task.WhenAll(askers);
            Sound(data);
        }

        var database = CoopDatabase.Open(data);
        using var ledger = new SqliteLedger(database, new LedgerOptions { PublishTo = "none" }, TimeProvider.System);
        Assert.True(shown.Count >= 3 * Kills, $"only {shown.Count} answers were shown");
        Assert.Empty(shown.Except(ledger.AnswerIds()));
        Tell($"{Kills} kills of the service, {shown.Count} answers shown, 0 lost");
    }

    private static async Task AskAsync(HttpClient client, ConcurrentBag<string> shown)
    {
        try
        {
            while (true)
            {
                using var response = await client.PostAsJsonAsync("/api/answers", new { question = "Which councils let young people share out money?" });
                // What came whole to the asker was shown.
                if (response.IsSuccessStatusCode && (await response.Content.ReadFromJsonAsync<JsonObject>())?["id"] is { } id) shown.Add((string)id!);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException or System.Text.Json.JsonException)
        {
            // The service is gone.
        }
    }

    private static async Task<string> AddressAsync(Process service)
    {
        const string Says = "CoopAI is ready: ";
        while (await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith(Says, StringComparison.Ordinal)) return line[Says.Length..];
        }

        throw new InvalidOperationException(await service.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static async Task KillAsync(Process process, int after)
    {
        await Task.WhenAny(process.WaitForExitAsync(TestContext.Current.CancellationToken), Task.Delay(after, TestContext.Current.CancellationToken));
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "coopai.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        if (arguments[0] != "serve")
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
        }

        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static int Stored(string data)
    {
        if (!File.Exists(Path.Combine(data, CoopDatabase.FileName))) return 0;
        var database = CoopDatabase.Open(data);
        var count = new CaseStudyLibrary(database).GetHashes().Count;
        database.ReleaseFile();
        return count;
    }

    private static void Sound(string data)
    {
        if (!File.Exists(Path.Combine(data, CoopDatabase.FileName))) return;
        var database = CoopDatabase.Open(data);
        Assert.Empty(database.CheckIntegrity());
        using (var ledger = new SqliteLedger(database, new LedgerOptions { PublishTo = "none" }, TimeProvider.System)) Assert.Empty(ledger.Verify().Findings.Select(f => f.ToString()));
        database.ReleaseFile();
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
