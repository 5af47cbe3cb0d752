using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Api.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Api.Answers;

public class PostAnswerTests(ApiFixture api)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_question_is_answered_with_verbatim_sentences_that_cite_their_passage_and_with_a_receipt()
    {
        var response = await Ask("How did a panel of residents share out money for youth projects, and did waiting fall?");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var answer = await Json(response);
        Assert.Contains(answer.GetProperty("outcome").GetString(), new[] { "answered", "partly-answered" });
        var sentences = answer.GetProperty("sentences").EnumerateArray().Where(s => s.GetProperty("kind").GetString() == "answer").ToList();
        Assert.NotEmpty(sentences);
        foreach (var sentence in sentences)
        {
            var citation = Assert.Single(sentence.GetProperty("citations").EnumerateArray());
            var study = await Json(await api.Client.GetAsync($"/api/case-studies/{citation.GetProperty("slug").GetString()}", Ct));
            var text = study.GetProperty("caseStudy").GetProperty("text").GetString()!;
            Assert.Equal(sentence.GetProperty("text").GetString(), text[citation.GetProperty("start").GetInt32()..citation.GetProperty("end").GetInt32()]);
        }

        Assert.Contains("youth-panel", answer.GetProperty("precedents").EnumerateArray().Select(p => p.GetProperty("slug").GetString()));
        Assert.True(answer.GetProperty("receipt").GetProperty("head").GetProperty("size").GetInt64() > 0);
        Assert.Contains(answer.GetProperty("rules").EnumerateArray(), r => r.GetProperty("rule").GetString() == "VG20");
    }

    [Fact]
    public async Task The_same_answer_is_found_again_by_its_id()
    {
        var asked = await Json(await Ask("Which councils have a housing co-operative of tenants?"));
        var id = asked.GetProperty("id").GetString();

        var found = await Json(await api.Client.GetAsync($"/api/answers/{id}", Ct));

        Assert.True(JsonElement.DeepEquals(asked.GetProperty("sentences"), found.GetProperty("sentences")));
        Assert.Equal("Which councils have a housing co-operative of tenants?", found.GetProperty("question").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.GetAsync("/api/answers/nothing", Ct)).StatusCode);
    }

    [Fact]
    public async Task Two_asks_of_one_question_differ_in_id_and_times_only()
    {
        var one = await Json(await Ask("How do young people decide about money?"));
        var two = await Json(await Ask("How do young people decide about money?"));

        foreach (var name in new[] { "outcome", "sentences", "precedents", "withheld", "notCovered", "sources" })
            Assert.Equal(WithoutTimes(one.GetProperty(name)), WithoutTimes(two.GetProperty(name)));
        Assert.NotEqual(one.GetProperty("id").GetString(), two.GetProperty("id").GetString());

        static string WithoutTimes(JsonElement e) => System.Text.RegularExpressions.Regex.Replace(e.GetRawText(), "\"milliseconds\":[0-9.eE+-]+", "");
    }

    [Fact]
    public async Task Personal_data_in_a_question_holds_it_and_is_kept_nowhere()
    {
        var answer = await Json(await Ask("Our tenant, NI number AB 12 34 56 C, phone 07700 900123: what did others do?"));

        Assert.Equal("held", answer.GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("question").ValueKind);
        var database = api.Get<CoopDatabase>();
        var kept = string.Concat(Directory.GetFiles(Path.GetDirectoryName(database.Path)!).Select(f => Encoding.Latin1.GetString(ReadShared(f))));
        Assert.DoesNotContain("AB 12 34 56 C", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("900123", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_somebody_in_danger_is_answered_with_help_and_kept_nowhere()
    {
        var response = await Ask("My uncle hits me every night with the zebrawood stick and I cannot go on");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.Contains("116 123", text, StringComparison.Ordinal);
        Assert.DoesNotContain("zebrawood", text, StringComparison.Ordinal);
        var kept = string.Concat(Directory.GetFiles(Path.GetDirectoryName(api.Get<CoopDatabase>().Path)!).Select(f => Encoding.Latin1.GetString(ReadShared(f))));
        Assert.DoesNotContain("zebrawood", kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"question\":\"How do young people decide?\",\"colour\":\"red\"}", "\"colour\"")]
    [InlineData("{\"question\":\"How do young people decide?\",\"filter\":{\"topics\":[null]}}", "topics")]
    [InlineData("{\"question\":\"How do young people decide?\",\"filter\":{\"yearFrom\":2022,\"yearTo\":2019}}", "backwards")]
    public async Task A_field_that_is_unknown_or_makes_no_sense_is_named(string body, string expected)
    {
        var response = await api.Client.PostAsync("/api/answers", new StringContent(body, Encoding.UTF8, "application/json"), Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, (await response.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lengths_of_all_that_stands_beside_a_question_are_bounded()
    {
        var tooLong = new string('x', SearchFilter.MaxValueLength + 1);
        object[] bodies =
        [
            new { question = "How?", filter = new { topics = new[] { tooLong } } }, new { question = "How?", filter = new { councils = new[] { tooLong } } }, new { question = "How?", filter = new { kinds = new[] { tooLong } } },
            new { question = "How?", filter = new { topics = Enumerable.Repeat("a", SearchFilter.MaxValues + 1) } }, new { question = "How?", council = tooLong }, new { question = "How?", previous = tooLong }, new { question = "How?", without = new[] { tooLong } },
        ];

        foreach (var body in bodies) Assert.Equal(HttpStatusCode.BadRequest, (await api.Client.PostAsJsonAsync("/api/answers", body, Ct)).StatusCode);
    }

    [Theory]
    [InlineData("/api/settings/answering", "PUT", "{\"by\":\"x\",\"reason\":\"y\"}", "\"on\"")]
    [InlineData("/api/answers/{id}/reviews", "POST", "{\"member\":\"x\"}", "\"verdict\"")]
    [InlineData("/api/answers/{id}/reviews", "POST", "{\"member\":\"x\",\"verdict\":\"agree,disagree\",\"reason\":\"y\"}", "verdict")]
    public async Task A_required_field_that_is_missing_is_refused_and_changes_nothing(string path, string method, string body, string expected)
    {
        var id = (await Json(await Ask("How do young people decide about money?"))).GetProperty("id").GetString();
        var before = api.Get<SettingsBook>().History().Count;
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", id, StringComparison.Ordinal)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        var response = await api.Client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, (await response.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, api.Get<SettingsBook>().History().Count);
        Assert.Empty((await Json(await api.Client.GetAsync($"/api/answers/{id}/reviews", Ct))).GetProperty("reviews").EnumerateArray());
    }

    [Fact]
    public async Task What_the_corpus_does_not_hold_is_not_found()
    {
        var answer = await Json(await Ask("What is the best recipe for sourdough bread?"));

        Assert.Equal("not-found", answer.GetProperty("outcome").GetString());
        Assert.All(answer.GetProperty("sentences").EnumerateArray(), s => Assert.Equal("service", s.GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData("", "cannot be read", 400)]
    [InlineData("{\"question\":", "is not the JSON", 400)]
    [InlineData("{\"question\":12}", "$.question", 400)]
    [InlineData("{\"question\":\"\"}", "uestion", 400)]
    [InlineData("{\"question\":\"a\\u0007b\"}", "U+0007", 400)]
    [InlineData("{}", "uestion", 400)]
    public async Task A_body_that_cannot_be_used_is_answered_with_a_problem_that_names_the_place(string body, string expected, int status)
    {
        var response = await api.Client.PostAsync("/api/answers", new StringContent(body, Encoding.UTF8, "application/json"), Ct);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_on_question_and_body_hold()
    {
        var tooLong = await Ask(new string('a', 2001));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/answers") { Content = new StringContent($"{{\"question\":\"{new string('a', (1024 * 1024) + 1)}\"}}", Encoding.UTF8, "application/json") };
        // The service may close the line while the body is still being sent; so the body waits for its word.
        request.Headers.ExpectContinue = true;
        var tooLarge = await api.Client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
    }

    [Fact]
    public async Task The_off_switch_answers_503_with_the_reason_until_it_is_switched_on()
    {
        var settings = api.Get<SettingsBook>();
        settings.Switch(false, "tester", "Data being checked");

        var off = await Ask("How do young people decide about money?");
        settings.Switch(true, "tester", "Checked");
        var on = await Ask("How do young people decide about money?");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, off.StatusCode);
        Assert.Contains("Data being checked", await off.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, on.StatusCode);
    }

    private Task<HttpResponseMessage> Ask(string question) => api.Client.PostAsJsonAsync("/api/answers", new { question }, Ct);

    private static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [Fact]
    public async Task An_answer_whose_time_ran_out_while_it_was_recorded_reaches_its_asker_whole()
    {
        using var time = new CancellationTokenSource();
        await using var slow = new ServiceCollection()
            .AddSingleton(api.Get<Retriever>()).AddSingleton(api.Get<SearchCorpus>()).AddSingleton(api.Get<GuidanceRunner>()).AddSingleton(api.Get<ITagBook>())
            .AddSingleton(api.Get<AnsweringOptions>()).AddSingleton<IOffSwitch, AlwaysOn>().AddSingleton(TimeProvider.System)
            .AddSingleton<ILedger>(new SlowLedger(api.Get<ILedger>(), time)).AddSingleton<AnswerIds>(() => "late-answer")
            .AddCoopKernel().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = api.Get<IServiceProvider>(), RequestAborted = time.Token };
        using var body = new MemoryStream();
        context.Response.Body = body;

        var result = await PostAnswer.HandleAsync(new("How do young people share out a fund?"), context, slow.GetRequiredService<AskQuestion>(), time.Token);
        await result.ExecuteAsync(context);

        Assert.True(time.IsCancellationRequested);
        using var answer = JsonDocument.Parse(body.ToArray());
        Assert.Equal("late-answer", answer.RootElement.GetProperty("id").GetString());
        Assert.True(answer.RootElement.TryGetProperty("receipt", out _));
    }

    /// <summary>Records, and by then the time is up.</summary>
    private sealed class SlowLedger(ILedger ledger, CancellationTokenSource time) : ILedger
    {
        public LedgerPublicKey PublicKey => ledger.PublicKey;

        public Receipt Append(LedgerDraft draft) => Append(_ => draft);

        public Receipt Append(Func<LedgerPlace, LedgerDraft> draft)
        {
            var receipt = ledger.Append(draft);
            time.Cancel();
            return receipt;
        }
    }
}
