using CoopAI.Adapters;
using CoopAI.Core.Briefs;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using CoopAI.Web.Pages.Questions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Pages.Questions;

/// <summary>What the home page offers to try must be answered well: these are the first briefs that anybody sees.</summary>
public sealed class ExamplesTests : IAsyncLifetime
{
    /// <summary>For each example the case studies that speak to it, by a reader of the shipped corpus; no other may be quoted.</summary>
    private static readonly Dictionary<string, string[]> Belonging = new(StringComparer.Ordinal)
    {
        ["How do councils involve young people in decisions?"] = ["planning-pioneers", "unicef-child-friendly-city-cardiff", "youth-co-operative-action", "adopting-care-experience-protected-characteristic-plymouth"],
        ["Which councils work on food poverty with local organisations?"] = ["community-wellbeing-project-brent", "sustainable-affordable-food", "addressing-food-insecurity", "from-grassroots-to-boardroom-oldham-council"],
        ["How do councils use social value when they buy?"] =
        [
            "p-2464", "social-value-toolkit", "creating-a-social-value-ecosystem", "mission-driven-procurement-in-wigan", "p-18368", "procurement-to-partnership-toolkit", "ethical-homecare-wigan-council",
        ],
        [CoopWeb.ExampleQuestion] = ["p-4263", "p-1887", "p-13508", "partners-pitch-in"],
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coopai-examples-");
    private ServiceProvider? _services;

    public async ValueTask InitializeAsync()
    {
        _services = CoopServices.Build(new ConfigurationBuilder().Build(), _folder.FullName);
        await _services.GetRequiredService<CorpusService>().LoadShippedAsync(ProductFiles.Corpus, ct: TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Each_example_is_answered_from_case_studies_that_belong_alone()
    {
        await _services!.GetRequiredService<CorpusService>().RefreshAsync(TestContext.Current.CancellationToken);
        var ask = _services!.GetRequiredService<AskQuestion>();
        Assert.Equal(Belonging.Keys.Order(StringComparer.Ordinal), AskModel.Examples.Order(StringComparer.Ordinal));
        foreach (var example in AskModel.Examples)
        {
            var answer = await ask.AskAsync(Question.Create(example), ct: TestContext.Current.CancellationToken);

            Assert.True(answer.Outcome is Outcome.Answered or Outcome.PartlyAnswered, $"{example}: {answer.Outcome}");
            var cited = answer.Sentences.Where(s => s.Kind is SentenceKind.Answer).SelectMany(s => s.Citations).Select(c => c.Slug).Distinct().ToList();
            Assert.NotEmpty(cited);
            Assert.True(cited.TrueForAll(Belonging[example].Contains), $"{example}: quoted from {string.Join(", ", cited)}");
        }
    }
}
