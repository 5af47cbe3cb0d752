using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Tests.Orchestration.Asking;

/// <summary>A collection of one text or two is answered from as well as a large one.</summary>
public sealed class SmallCollectionsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coopai-small-");
    private ServiceProvider? _services;

    public ValueTask InitializeAsync()
    {
        _services = CoopServices.Build(new ConfigurationBuilder().Build(), _folder.FullName);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("How many people does the quay ferry mutual carry?", "The quay ferry mutual carries 12,000 people a year.")]
    [InlineData("what does the ferry mutual pay its crew", "It pays its crew the living wage.")]
    [InlineData("Did the tidal mill co-operative ever pay a surplus?", "A panel of residents found that the tidal mill co-operative had never paid a surplus to its members.")]
    public async Task A_question_about_one_of_two_texts_is_answered(string question, string sentence)
    {
        var answer = await AskAsync(question);

        Assert.Contains(answer.Outcome, (Outcome[])[Outcome.Answered, Outcome.PartlyAnswered]);
        Assert.Contains(answer.Sentences, s => s.Kind == SentenceKind.Answer && s.Text == sentence);
    }

    [Theory]
    [InlineData("Which councils have cut waiting lists for home adaptations?")]
    [InlineData("How do others license taxis at night?")]
    public async Task What_neither_text_speaks_of_is_not_held(string question) => Assert.Equal(Outcome.NotFound, (await AskAsync(question)).Outcome);

    private async Task<Answer> AskAsync(string question)
    {
        var corpus = _services!.GetRequiredService<CorpusService>();
        await corpus.IngestAsync(
            [
                new CaseStudy { Slug = "ferry", Title = "Quay ferry mutual", LeadMember = "Northbeck Council", Text = "The quay ferry mutual carries 12,000 people a year. It pays its crew the living wage. The council lent it £40,000 in 2021." },
                new CaseStudy { Slug = "mill", Title = "Tidal mill co-operative", LeadMember = "Millford Council", Text = "The tidal mill co-operative ground flour from 2015. A panel of residents found that the tidal mill co-operative had never paid a surplus to its members. It was wound up in 2024." },
            ],
            "small", prune: true, ct: TestContext.Current.CancellationToken);
        await corpus.RefreshAsync(TestContext.Current.CancellationToken);
        return await _services!.GetRequiredService<AskQuestion>().AskAsync(Question.Create(question), ct: TestContext.Current.CancellationToken);
    }
}
