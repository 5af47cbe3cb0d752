using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Tagging;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Pages;

/// <summary>Case studies whose every field holds markup, on every page that shows them.</summary>
public sealed class HostileTextsTests : IAsyncLifetime
{
    private const string Markup = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onfocus=\"alert(3)";

    private static readonly (string Title, string Text)[] Texts =
    [
        ("Youth panel of Northbeck", $"Northbeck Council set up a residents' panel of 24 people. The panel shared out £150,000 for youth projects. Waiting fell from nine weeks to four weeks. {Markup}"),
        ("Young people share a fund", $"Young people in Millford decide each year which youth projects {Markup} get money. The panel of residents meets in schools."),
        ("Tenants' housing co-operative", $"Fifteen tenants of Harrow Vale began a housing co-operative of 62 homes with Millford Council. Repair costs {Markup} did not fall."),
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-hostile-").FullName;
    private readonly HttpClient _client = new();
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        _app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--RequestTime", "00:02:00", "--Serilog:MinimumLevel:Default", "Fatal"], _directory);
        await _app.Services.GetRequiredService<CorpusService>().IngestAsync(
            [.. Texts.Select((text, i) => new CaseStudy
            {
                Slug = $"hostile-{i + 1}",
                Url = "javascript:alert(4)",
                Title = $"{text.Title} {Markup}",
                LeadMember = $"Northbeck {Markup}",
                ParticipatingMembers = [$"Millford {Markup}"],
                Kind = $"story {Markup}",
                Year = 2020 + i,
                Topics = [$"food {Markup}"],
                Principles = ["innovation"],
                Text = text.Text,
            })],
            "test");
        // What looks like an attack waits for a person; here one has let it through.
        foreach (var waiting in _app.Services.GetRequiredService<CoopAI.Core.Corpus.ICaseStudyHistory>().InQuarantine())
            await _app.Services.GetRequiredService<CaseStudyDesk>().ReleaseAsync(waiting.Slug, new("staff", "the tests", "Markup that pages must encode."));
        await CoopWeb.StartAsync(_app, TextWriter.Null);
        _client.BaseAddress = new Uri(_app.Urls.First());
    }

    [Fact]
    public async Task No_page_lets_markup_through()
    {
        var answer = await _app!.Services.GetRequiredService<AskQuestion>().AskAsync(Question.Create("How did a panel of residents share out money for youth projects, and did waiting fall?"), ct: TestContext.Current.CancellationToken);
        answer = Recorded(answer with
        {
            Id = $"{answer.Id[..^4]}beef",
            Receipt = null,
            Outcome = Outcome.PartlyAnswered,
            Summary = Markup,
            Sentences =
            [
                AnswerSentence.Service($"{Markup}:"), new AnswerSentence(Markup, SentenceKind.Answer, [new Citation("hostile-1#0", "hostile-1", Markup, 0, 60)], []), AnswerSentence.Service(Markup, "VG05"),
            ],
            Precedents =
            [
                new Precedent("hostile-1", Markup, "javascript:alert(4)", Markup, 2020, 0.9, [new Citation("hostile-1#0", "hostile-1", Markup, 70, 90)],
                    new PrincipleTags(["innovation"], [], []), new EvidenceCard(true, [new(Markup, OutcomeKind.Result)], [new(Markup, CostKind.Cost)], [new(Markup, LessonKind.Worked)], new CardPeriod(2020, null, PeriodBasis.Text, Markup), [new(Markup, Markup, Markup)], [Markup])),
            ],
            NotCovered = [Markup],
        });
        _app.Services.GetRequiredService<FeedbackBook>().Add(answer.Id, false, ["wrong"], Markup);
        string[] pages =
        [
            "/", "/?about=hostile-1", $"/?question={Uri.EscapeDataString(Markup)}&council={Uri.EscapeDataString(Markup)}&year={Uri.EscapeDataString(Markup)}&topic={Uri.EscapeDataString(Markup)}&askerCouncil={Uri.EscapeDataString(Markup)}",
            $"/answers/{answer.Id}", "/case-studies", "/case-studies?q=youth", $"/case-studies?q={Uri.EscapeDataString(Markup)}&topic={Uri.EscapeDataString(Markup)}&council={Uri.EscapeDataString(Markup)}&kind={Uri.EscapeDataString(Markup)}",
            "/case-studies/hostile-1", "/case-studies/hostile-1?from=0&to=60", "/compare?slug=hostile-1&slug=hostile-2", "/tag?slug=hostile-1", "/tag/queue", "/tag/wrong", "/tag/next?slug=hostile-1", "/coverage",
            "/audit", $"/audit/answers/{answer.Id}", "/audit/feedback", "/audit/ledger",
        ];
        foreach (var page in pages)
        {
            using var response = await _client.GetAsync(new Uri(page, UriKind.Relative), TestContext.Current.CancellationToken);
            var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{page}: {response.StatusCode}");
            foreach (var live in (string[])["<script>alert", "<img src=x", "\" onfocus=\"", "href=\"javascript:"])
                Assert.False(html.Contains(live, StringComparison.OrdinalIgnoreCase), $"{page} holds {live}: {Around(html, live)}");
        }

        var markdown = await _client.GetPageAsync($"/answers/{answer.Id}/markdown");
        Assert.Contains("\\<script\\>", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", markdown.Replace("\\<", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_app is not null)
        {
            _app.Services.GetRequiredService<CoopDatabase>().ReleaseFile();
            await _app.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private Answer Recorded(Answer answer)
    {
        _app!.Services.GetRequiredService<SqliteLedger>().Append(
            LedgerDraft.Answer(answer.Id, Markup, (JsonObject)JsonSerializer.SerializeToNode(answer, CoopJson.Options)!, new() { ["outcome"] = "partly-answered" }));
        return answer;
    }

    private static string Around(string html, string live)
    {
        var at = html.IndexOf(live, StringComparison.OrdinalIgnoreCase);
        return html[Math.Max(0, at - 100)..Math.Min(html.Length, at + 100)];
    }
}
