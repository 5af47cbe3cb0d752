using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(CoopAI.Web.Tests.Api.ApiFixture))]

namespace CoopAI.Web.Tests.Api;

/// <summary>The real host, as in production, on a free port of this machine, with a few invented case studies.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-api-").FullName;
    private WebApplication? _app;
    private ApiSchema? _schema;

    public ApiFixture() => Client = new(new HeldToSchema(() => _schema));

    /// <summary>Every reply of the interface that it brings is as <c>/openapi/v1.json</c> says, or the test fails.</summary>
    public HttpClient Client { get; }

    public async ValueTask InitializeAsync()
    {
        _app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--RequestTime", "00:02:00", "--Serilog:MinimumLevel:Default", "Error"], _directory);
        CaseStudy[] caseStudies =
        [
            new()
            {
                Slug = "youth-panel", Title = "Youth panel of Northbeck", LeadMember = "Northbeck Council", Year = 2022, Principles = ["democratic-engagement"], Topics = ["young people"],
                Text = "Northbeck Council set up a residents' panel of 24 people. The panel shared out £150,000 for youth projects. Waiting fell from nine weeks to four weeks.",
            },
            new()
            {
                Slug = "youth-fund", Title = "Young people share a fund in Millford", LeadMember = "Millford Council", Topics = ["young people"],
                Text = "Young people in Millford decide each year which youth projects get money. The panel of residents meets in schools.",
            },
            new()
            {
                Slug = "housing-co-op", Title = "Tenants' housing co-operative", LeadMember = "Harrow Vale Council", ParticipatingMembers = ["Millford Council"], Year = 2019, Topics = ["housing"],
                Text = "Fifteen tenants of Harrow Vale began a housing co-operative of 62 homes with Millford Council. Repair costs did not fall. <script>alert('x')</script>",
            },
        ];
        await _app.Services.GetRequiredService<CorpusService>().IngestAsync(caseStudies, "test");
        // Its markup would keep it from search; here it shows that pages encode it.
        await _app.Services.GetRequiredService<CaseStudyDesk>().ReleaseAsync("housing-co-op", new("staff", "the tests", "Markup that pages must encode."));
        await CoopWeb.StartAsync(_app, TextWriter.Null);
        Client.BaseAddress = new Uri(_app.Urls.First());
        _schema = new((await Client.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!);
    }

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}
