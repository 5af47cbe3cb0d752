using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Ledger;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Asking;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Tests.Orchestration.Asking;

public sealed class MessageReadingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_question_of_a_message_gets_its_own_outcome()
    {
        await using var walk = await Walk.CreateAsync();

        var answer = await walk.AskAsync("Hello\n1. How did a panel of residents share out money for youth projects?\n2. Who began a housing co-operative of tenants?\nKind regards\nAnn");

        Assert.Equal(["How did a panel of residents share out money for youth projects?", "Who began a housing co-operative of tenants?"], answer.Parts.Select(p => p.Question));
        Assert.Equal(["greeting", "closing", "signature"], answer.Understood!.SetAside);
        Assert.All(answer.Parts.SelectMany(p => p.Sentences).Where(s => s.Kind == SentenceKind.Answer), s => Assert.Contains(answer.Sentences, f => f.Text == s.Text));
    }

    [Theory]
    [InlineData("Hello", "There is no question in this message.")]
    [InlineData("Beth wnaeth Caerdydd gyda phobl ifanc?", "Gofynnwch yn Saesneg")]
    public async Task What_asks_nothing_is_told_so_and_recorded(string message, string says)
    {
        await using var walk = await Walk.CreateAsync();

        var answer = await walk.AskAsync(message);

        Assert.Equal(Outcome.OutOfScope, answer.Outcome);
        Assert.Contains(says, answer.Summary, StringComparison.Ordinal);
        Assert.Contains(answer.Understood!.Notes, n => n.Contains(says, StringComparison.Ordinal));
        Assert.NotNull(answer.Receipt);
    }

    [Fact]
    public async Task A_follow_up_is_an_answer_of_its_own_that_names_the_one_before()
    {
        var answers = new Dictionary<string, Answer>();
        var number = 0;
        await using var walk = await Walk.CreateAsync(change: s => s.AddSingleton<FindAnswer>(_ => id => answers.GetValueOrDefault(id)).AddSingleton<AnswerIds>(() => $"answer-{++number}"));
        var first = await walk.AskAsync("How did Northbeck share out money for youth projects?");
        answers[first.Id] = first;

        var next = await walk.Get<AskQuestion>().AskAsync(Question.Create("what did it cost?") with { Previous = first.Id }, ct: Ct);

        Assert.Equal("answer-2", next.Id);
        Assert.Equal(first.Id, next.Previous);
        Assert.Equal("how-much", next.Understood!.Ask);
        Assert.Contains("youth projects", next.Understood.Searched[0], StringComparison.Ordinal);
        Assert.NotNull(next.Receipt);
    }

    [Fact]
    public async Task No_word_of_the_question_stays_in_the_record_when_it_is_erased()
    {
        await using var walk = await Walk.CreateAsync();

        var answer = await walk.AskAsync("Hello\n1. How did a panel of residents in Barking share out money for youth projects with comunity grants?\n2. Who began a housing co-operative of tenants since 2019?");

        var record = LedgerDraft.Answer(answer.Id, answer.Question!, (JsonObject)JsonSerializer.SerializeToNode(answer, CoopJson.Options)!).Record!.ToJsonString();
        foreach (var word in new[] { "residents in Barking", "residents in barking", "comunity", "since 2019", "Who began a housing" }) Assert.DoesNotContain(word, record, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_answer_cannot_be_followed_up()
    {
        await using var walk = await Walk.CreateAsync();

        var error = await Assert.ThrowsAsync<BadInputException>(() => walk.Get<AskQuestion>().AskAsync(Question.Create("and in Wales?") with { Previous = "nothing" }, ct: Ct));

        Assert.Contains("nothing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("What did Leeds do for young people?", "Cardiff", null, null, "The filter is for Cardiff and the question for Leeds City Council.")]
    [InlineData("What was done for young people before 2015?", null, 2018, 2020, "nothing can be of both")]
    [InlineData("What was done for young people?", null, 2020, 2018, "run backwards")]
    public async Task A_filter_that_contradicts_the_question_is_told(string question, string? council, int? from, int? to, string says)
    {
        await using var walk = await Walk.CreateAsync();
        var filter = new SearchFilter(Councils: council is null ? null : [council], YearFrom: from, YearTo: to);

        var error = await Assert.ThrowsAsync<BadInputException>(() => walk.Get<AskQuestion>().AskAsync(Question.Create(question, filter), ct: Ct));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
