using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Api.Ledger;

/// <summary>The auditors' addresses over HTTP, against a real host with a ledger of three answers after its key and the guidance in force.</summary>
public sealed class LedgerApiTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-web-").FullName;
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--environment", "Production"], _directory);
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.First());
        var ledger = _app.Services.GetRequiredService<SqliteLedger>();
        foreach (var id in new[] { "a1", "a2", "a3" })
        {
            ledger.Append(LedgerDraft.Answer(id, "Which councils set up a land trust?", new()
            {
                ["id"] = id,
                ["question"] = "Which councils set up a land trust?",
                ["rules"] = new JsonArray(new JsonObject { ["rule"] = "VG01", ["target"] = new JsonObject { ["kind"] = "sentence", ["id"] = "0" } }),
            }));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_receipt_from_the_service_holds_with_the_public_key_from_the_service()
    {
        var receipt = Receipt.Parse(await GetBytesAsync("/api/ledger/answers/a2/receipt"), "receipt");
        var pem = (await GetAsync("/api/ledger/keys")).GetProperty("keys")[0].GetProperty("pem").GetString()!;
        using var key = LedgerPublicKey.FromPem(pem);

        Assert.Empty(receipt.Verify(key));
        var head = SignedHead.Parse(await GetAsync("/api/ledger/head"));
        Assert.True(head.IsSignedBy(key));
        Assert.Equal(5, head.Size);
        Assert.Empty(Receipt.Parse(await GetBytesAsync("/api/ledger/2"), "entry").Verify(key));
    }

    [Fact]
    public async Task The_proof_between_two_sizes_holds()
    {
        var json = await GetAsync("/api/ledger/consistency?from=2&to=4");

        var proof = json.GetProperty("proof").EnumerateArray().Select(p => Convert.FromHexString(p.GetString()!)).ToList();
        Assert.True(MerkleTree.VerifyConsistency(
            2, 4, proof, Convert.FromHexString(json.GetProperty("fromRoot").GetString()!), Convert.FromHexString(json.GetProperty("toRoot").GetString()!)));
    }

    [Fact]
    public async Task Entries_come_in_pages_and_the_whole_ledger_can_be_verified()
    {
        var page = await GetAsync("/api/ledger?take=2");

        Assert.Equal([4, 3], page.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("index").GetInt32()));
        Assert.Equal(3, page.GetProperty("before").GetInt64());
        Assert.Equal(3, (await GetAsync("/api/ledger?before=3&take=5")).GetProperty("entries").GetArrayLength());
        Assert.True((await GetAsync("/api/ledger/verify")).GetProperty("sound").GetBoolean());
    }

    [Fact]
    public async Task A_member_reviews_an_answer_and_a_disagreement_needs_a_reason()
    {
        var refused = await PostAsync("/api/answers/a1/reviews", new { member = "Cllr Ada", verdict = "disagree" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("needs a reason", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var made = await PostAsync("/api/answers/a1/reviews", new { member = "Cllr Ada", verdict = "disagree", rule = "VG01", target = "sentence:0", reason = "=cmd" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);

        Assert.Equal("VG01", (await GetAsync("/api/answers/a1/reviews")).GetProperty("reviews")[0].GetProperty("rule").GetString());
        Assert.Equal(1, (await GetAsync("/api/reviews/agreement")).GetProperty("verdicts").GetProperty("disagree").GetInt32());
        Assert.Contains(",'=cmd,", System.Text.Encoding.UTF8.GetString(await GetBytesAsync("/api/reviews?format=csv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_off_switch_is_recorded_and_shown()
    {
        var made = await _http.PutAsJsonAsync("/api/settings/answering", new { on = false, by = "A. Officer", reason = "The corpus is being corrected" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);

        var settings = await GetAsync("/api/settings");

        Assert.Equal("The corpus is being corrected", settings.GetProperty("off").GetProperty("reason").GetString());
        Assert.Equal("A. Officer", settings.GetProperty("history")[0].GetProperty("author").GetString());
    }

    [Theory]
    [InlineData("/api/ledger/99", HttpStatusCode.NotFound)]
    [InlineData("/api/ledger/answers/none/receipt", HttpStatusCode.NotFound)]
    [InlineData("/api/ledger/head?size=99", HttpStatusCode.NotFound)]
    [InlineData("/api/ledger/consistency?from=5&to=2", HttpStatusCode.BadRequest)]
    [InlineData("/api/ledger?kind=answers", HttpStatusCode.BadRequest)]
    [InlineData("/api/ledger?take=5000", HttpStatusCode.BadRequest)]
    [InlineData("/api/answers/none/reviews", HttpStatusCode.NotFound)]
    [InlineData("/api/reviews?format=pdf", HttpStatusCode.BadRequest)]
    public async Task Bad_input_is_answered_with_problem_details(string address, HttpStatusCode status)
    {
        using var response = await _http.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private async Task<byte[]> GetBytesAsync(string address) => await _http.GetByteArrayAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

    private async Task<JsonElement> GetAsync(string address) => JsonDocument.Parse(await GetBytesAsync(address)).RootElement;

    private Task<HttpResponseMessage> PostAsync<T>(string address, T body) => _http.PostAsJsonAsync(address, body, TestContext.Current.CancellationToken);
}
