using System.Net;
using System.Text.Json;
using CoopAI.Cli;
using CoopAI.Tests.Adapters.Qdrant;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace CoopAI.Tests.Cli;

/// <summary><c>coopai index</c> with the store switched to the stand-in server.</summary>
public sealed class IndexCommandsTests : IAsyncLifetime
{
    private const string TwoCaseStudies = """
        {"slug":"a","title":"Growing together","text":"The council opened a food co-operative with residents. It runs a weekly market.","leadMember":"Oldham","year":2020}
        {"slug":"b","title":"Warm homes","text":"Tenants own the energy company. They chose the repairs."}
        """;

    private readonly InMemoryPassageServer _server = InMemoryPassageServer.Start();
    private readonly string _folder = Directory.CreateTempSubdirectory("coopai-index-").FullName;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_ingest_fills_the_index_and_status_says_that_they_agree()
    {
        await IngestAsync();

        var (status, text, _) = await RunAsync("index", "status", "--json");

        var document = JsonElement.Parse(text);
        Assert.Equal(0, status);
        Assert.True(document.GetProperty("fits").GetBoolean());
        Assert.Equal(2, document.GetProperty("caseStudies").GetInt32());
        Assert.Equal("searched", document.GetProperty("collections")[0].GetProperty("role").GetString());
    }

    [Fact]
    public async Task An_index_without_what_is_stored_is_noticed_and_a_rebuild_puts_it_right()
    {
        await IngestAsync(store: "Embedded");

        Assert.Equal(1, (await RunAsync("index", "status")).Status);
        var (rebuilt, text, _) = await RunAsync("index", "rebuild");
        Assert.Equal(0, rebuilt);
        Assert.Contains("2 case studies", text, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("index", "status")).Status);
    }

    [Fact]
    public async Task A_rebuild_is_switched_back_and_confirmed()
    {
        await IngestAsync();
        var old = _server.AliasTarget("coopai");
        var rebuilt = JsonElement.Parse((await RunAsync("index", "rebuild", "--json")).Out);
        Assert.Equal(old, rebuilt.GetProperty("previous").GetString());

        var back = JsonElement.Parse((await RunAsync("index", "switch", "--json")).Out);
        Assert.Equal(old, back.GetProperty("searched").GetString());
        Assert.Equal(old, _server.AliasTarget("coopai"));

        Assert.Contains("Deleted", (await RunAsync("index", "switch", "--confirm")).Out, StringComparison.Ordinal);
        Assert.Equal([old!], _server.CollectionNames());
    }

    [Fact]
    public async Task A_snapshot_is_copied_to_a_new_file_and_never_over_an_old_one()
    {
        await IngestAsync();
        var file = Path.Combine(_folder, "index.snapshot");

        Assert.Equal(0, (await RunAsync("index", "snapshot", "--copy", file)).Status);
        var length = new FileInfo(file).Length;
        var (again, _, error) = await RunAsync("index", "snapshot", "--copy", file);

        Assert.True(length > 0);
        Assert.Equal(2, again);
        Assert.Contains("exists already", error, StringComparison.Ordinal);
        Assert.Single(JsonElement.Parse((await RunAsync("index", "snapshot", "--list", "--json")).Out).GetProperty("snapshots").EnumerateArray());
    }

    [Theory]
    [InlineData("switch", "nothing")]
    [InlineData("switch", "--confirm --discard")]
    [InlineData("switch", "")]
    [InlineData("snapshot", "")]
    public async Task What_cannot_be_done_ends_with_status_2_and_a_reason(string command, string arguments)
    {
        var (status, _, error) = await RunAsync(["index", command, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(2, status);
        Assert.NotEqual("", error);
    }

    [Fact]
    public async Task With_the_embedded_store_the_commands_say_what_applies()
    {
        Assert.Equal(0, (await RunAsync(["index", "status"], "Embedded")).Status);
        Assert.Contains("filled at each start", (await RunAsync(["index", "rebuild"], "Embedded")).Out, StringComparison.Ordinal);
        var (status, _, error) = await RunAsync(["index", "snapshot"], "Embedded");
        Assert.Equal(2, status);
        Assert.Contains("COOPAI_Store=Qdrant", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_ends_with_status_3_and_the_record_is_kept_for_later()
    {
        await _server.StopAsync();

        Assert.Equal(3, (await RunAsync("index", "status")).Status);
        var (ingested, text, error) = await IngestAsync();
        Assert.Equal(3, ingested);
        Assert.Contains("2 added", text, StringComparison.Ordinal);
        Assert.Contains("the passage index waits", error, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync("search", "food co-operative", "--json")).Status);
        var instead = await RunAsync(["search", "food co-operative", "--json"], "Qdrant", ("Retrieval:FallBack", "true"));
        Assert.Equal(0, instead.Status);
        Assert.Contains("\"store\":\"embedded, since qdrant was away\"", instead.Out, StringComparison.Ordinal);
        var asked = (await RunAsync(["ask", "What did the food co-operative do?", "--json"], "Qdrant", ("Retrieval:FallBack", "true"))).Out;
        Assert.Contains("\"store\":\"embedded, since qdrant was away\"", asked, StringComparison.Ordinal);
        Assert.Contains("\"passage_store\":\"embedded, since qdrant was away\"", (await RunAsync(["ledger", "export"], "Embedded")).Out, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync("ask", "What did the food co-operative do?", "--json")).Status);

        _server.StartAgain();
        var again = (await RunAsync("search", "food co-operative", "--json")).Out;
        Assert.Contains("\"slug\":\"a\"", again, StringComparison.Ordinal);
        Assert.Contains("\"store\":\"qdrant\"", again, StringComparison.Ordinal);
        Assert.Contains("\"store\":\"qdrant\"", (await RunAsync("ask", "What did the food co-operative do?", "--json")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("index", "status")).Status);
    }

    [Fact]
    public async Task The_doctor_examines_the_server_too()
    {
        await IngestAsync();
        Assert.Contains("ok     Qdrant, collection", (await RunAsync("doctor")).Out, StringComparison.Ordinal);

        _server.Key = "another";
        var (status, text, _) = await RunAsync("doctor");

        Assert.Equal(1, status);
        Assert.Contains("WRONG  Qdrant, API key", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_whose_store_goes_away_says_when_to_try_again_serves_the_rest_and_recovers_without_a_restart()
    {
        await IngestAsync();
        var ct = TestContext.Current.CancellationToken;
        await using var app = CoopWeb.Build(
            ["--urls", "http://127.0.0.1:0", "--Store", "Qdrant", "--Qdrant:Address", _server.Address.ToString(), "--Qdrant:Retries", "0", "--Serilog:MinimumLevel:Default", "Fatal"], Path.Combine(_folder, "data"));
        await CoopWeb.StartAsync(app, TextWriter.Null, ct);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", ct)).StatusCode);

        await _server.StopAsync();
        var away = await http.GetAsync("/health/ready", ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.True(away.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("application/problem+json", away.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/case-studies/a", ct)).StatusCode);

        _server.StartAgain();
        // Without retries, the first call may still meet the connection that was lost.
        var ready = HttpStatusCode.ServiceUnavailable;
        for (var attempt = 0; attempt < 40 && ready != HttpStatusCode.OK; attempt++)
        {
            await Task.Delay(250, ct);
            ready = (await http.GetAsync("/health/ready", ct)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, ready);
        await app.StopAsync(ct);
    }

    [Theory]
    [InlineData("Store", "Elsewhere", "Embedded or Qdrant")]
    [InlineData("Store", "1", "Embedded or Qdrant")]
    [InlineData("Qdrant:Address", "ftp://x", "http or https")]
    [InlineData("Qdrant:Retries", "99", "Retries")]
    public async Task A_wrong_setting_ends_with_status_2_and_names_what_would_be_right(string key, string value, string says)
    {
        var (status, _, error) = await RunAsync(["index", "status"], "Qdrant", (key, value));

        Assert.Equal(2, status);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    private async Task<(int Status, string Out, string Error)> IngestAsync(string store = "Qdrant")
    {
        var file = Path.Combine(_folder, "two.jsonl");
        await File.WriteAllTextAsync(file, TwoCaseStudies, TestContext.Current.CancellationToken);
        return await RunAsync(["ingest", file], store);
    }

    private Task<(int Status, string Out, string Error)> RunAsync(params string[] arguments) => RunAsync(arguments, "Qdrant");

    private async Task<(int Status, string Out, string Error)> RunAsync(string[] arguments, string store, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Store"] = store,
            ["Qdrant:Address"] = _server.Address.ToString(),
            ["Qdrant:RestAddress"] = _server.FilesAddress.ToString(),
            ["Qdrant:Retries"] = "1",
            ["Qdrant:RetryDelay"] = "00:00:00.010",
        }).AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var status = await CommandLine.RunAsync(
            [.. arguments, "--data", Path.Combine(_folder, "data")], new CliEnvironment(output, error, TextReader.Null, configuration), TestContext.Current.CancellationToken);
        return (status, output.ToString(), error.ToString());
    }
}
