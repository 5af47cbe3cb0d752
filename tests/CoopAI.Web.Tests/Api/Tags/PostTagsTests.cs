using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CoopAI.Core.Principles;

namespace CoopAI.Web.Tests.Api.Tags;

public class PostTagsTests(ApiFixture api)
{
    private const string Voting = "Residents of the estate voted on how the council should spend its budget for the park, and the panel of residents set the priorities for the year.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_gets_all_ten_principles_and_evidence_that_stands_in_it()
    {
        var tags = Tags(await TagAsync(new { text = Voting }));

        Assert.Equal(PrincipleIds.All, tags.Select(t => t.GetProperty("id").GetString()));
        Assert.NotEqual("no", Decision(tags, "democratic-engagement"));
        Assert.All(tags.SelectMany(t => t.GetProperty("evidence").EnumerateArray()), e =>
            Assert.Equal(e.GetProperty("sentence").GetString(), Voting[e.GetProperty("start").GetInt32()..e.GetProperty("end").GetInt32()]));
    }

    [Fact]
    public async Task A_stored_case_study_shows_its_published_principles_beside_the_suggested()
    {
        var answer = await TagAsync(new { slug = "youth-panel" });

        Assert.Equal(["democratic-engagement"], answer.GetProperty("published").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal(10, Tags(answer).Count);
    }

    [Fact]
    public async Task A_stored_text_is_tagged_as_the_same_text_pasted()
    {
        var stored = await api.Client.GetFromJsonAsync<JsonElement>("/api/case-studies/youth-fund", Ct);
        var caseStudy = stored.GetProperty("caseStudy");

        var bySlug = Tags(await TagAsync(new { slug = "youth-fund" }));
        var pasted = Tags(await TagAsync(new { text = caseStudy.GetProperty("text").GetString(), title = caseStudy.GetProperty("title").GetString() }));

        Assert.Equal(bySlug.Select(t => t.GetProperty("probability").GetDouble()), pasted.Select(t => t.GetProperty("probability").GetDouble()));
    }

    [Fact]
    public async Task Markup_is_not_evidence_and_does_not_change_the_tags()
    {
        var html = $"<html><head><style>p {{ color: red }}</style></head><body><p>{Voting}</p><script>residents.vote('budget')</script></body></html>";

        var (plain, marked) = (Tags(await TagAsync(new { text = Voting })), Tags(await TagAsync(new { text = html })));

        Assert.Equal(plain.Select(t => t.GetProperty("decision").GetString()), marked.Select(t => t.GetProperty("decision").GetString()));
        Assert.DoesNotContain(marked.SelectMany(t => t.GetProperty("evidence").EnumerateArray()), e => e.GetProperty("sentence").GetString()!.Contains('<', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "fewer than 8 words")]
    [InlineData("Residents voted on the budget.", "fewer than 8 words")]
    [InlineData("Die Bürgerinnen und Bürger der Stadt haben über den Haushalt abgestimmt, und der Rat hat das Ergebnis für das nächste Jahr übernommen.", "not in English")]
    [InlineData("Mae'r cyngor wedi gweithio gyda phobl y dref ac mae'r trigolion yn penderfynu ar y gyllideb ar gyfer eu cymuned bob blwyddyn.", "not in English")]
    [InlineData("住民は公園の予算の使い方について投票し、議会はその結果を翌年の計画に取り入れました。 住民は公園の予算の使い方について投票し、議会はその結果を取り入れました。 一 二 三 四 五 六 七 八", "not in English")]
    public async Task A_text_with_nothing_to_weigh_gets_no_tag_and_is_told_why(string text, string why)
    {
        var answer = await TagAsync(new { text });

        Assert.All(Tags(answer), t => Assert.Equal("no", t.GetProperty("decision").GetString()));
        Assert.Contains(why, answer.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_principles_own_names_and_statements_evidence_none_of_them()
    {
        var principles = (await api.Client.GetFromJsonAsync<JsonElement>("/api/principles", Ct)).GetProperty("principles").EnumerateArray().ToList();
        var names = string.Join("\n", principles.Select(p => p.GetProperty("name").GetString()));
        var statements = $"""
            Principles met
            {names}
            We will strengthen the co-operative partnership between citizens, communities, enterprises and councils.
            We will support the active engagement of the full range of residents in decision making and priority setting.
            We will develop systems that enable citizens to be equal partners in designing and commissioning public services.
            """;

        Assert.All(Tags(await TagAsync(new { text = statements })), t => Assert.Equal("no", t.GetProperty("decision").GetString()));
    }

    [Fact]
    public async Task The_last_sentence_of_a_very_long_text_counts()
    {
        // About 400,000 characters of one sentence that shows nothing, and one that does at the very end.
        var text = string.Concat(Enumerable.Repeat("The lamps were replaced and the railings were painted green in the autumn. ", 5300)) + Voting;

        var tag = Tags(await TagAsync(new { text })).Single(t => t.GetProperty("id").GetString() == "democratic-engagement");

        Assert.NotEqual("no", tag.GetProperty("decision").GetString());
        Assert.Equal(Voting, tag.GetProperty("evidence")[0].GetProperty("sentence").GetString());
    }

    [Fact]
    public async Task More_than_a_megabyte_is_refused()
    {
        var response = await api.Client.PostAsJsonAsync("/api/tags", new { text = new string('a', 1_100_000) }, Ct);

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge });
    }

    [Fact]
    public async Task Neither_text_nor_slug_both_of_them_and_no_json_are_bad_requests()
    {
        foreach (var body in new[] { "{}", """{"text":"a","slug":"youth-panel"}""", """{"text":7}""", "{", "[]", "" })
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            var response = await api.Client.PostAsync("/api/tags", content, Ct);

            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{body}: {response.StatusCode}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task An_unknown_slug_is_not_found()
    {
        var response = await api.Client.PostAsJsonAsync("/api/tags", new { slug = "no-such-thing" }, Ct);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("no-such-thing", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private async Task<JsonElement> TagAsync(object request)
    {
        var response = await api.Client.PostAsJsonAsync("/api/tags", request, Ct);
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    private static List<JsonElement> Tags(JsonElement answer) => [.. answer.GetProperty("tags").EnumerateArray()];

    private static string? Decision(List<JsonElement> tags, string id) => tags.Single(t => t.GetProperty("id").GetString() == id).GetProperty("decision").GetString();
}
