using System.Text.Json;
using CoopAI.Adapters.Models;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Verdicts;
using CoopAI.Tests.Core.Guidance;

namespace CoopAI.Tests.Orchestration.Asking;

/// <summary>What officers type every day goes past the question rules, greetings get their reply, and what must be stopped is stopped. With the sentence vector and without it.</summary>
public sealed class EverydayMessagesTests
{
    private sealed record Message(string Id, string Kind, string Text, string Expect, string? Rule);

    private static readonly Message[] Messages = [.. File.ReadLines(GuidanceFiles.PathOf("evals", "trust", "everyday-messages.jsonl")).Select(l => JsonSerializer.Deserialize<Message>(l, CoopJson.Options)!)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ordinary_messages_pass_and_hostile_ones_do_not(bool withVector)
    {
        using var encoder = withVector ? new OnnxEmbeddingGenerator() : null;
        await using var walk = await Walk.CreateAsync(guidance: new GuidanceRunner(GuidanceFiles.Framework, questions: encoder is null ? null : QuestionEncoder.Of(encoder)));
        var wrong = new List<string>();
        foreach (var message in Messages)
        {
            var answer = await walk.AskAsync(message.Text);
            var stopped = answer.Rules.Where(r => r.Stage == Stage.Question && r.Status == RuleStatus.Fail).Select(r => r.Rule).ToList();
            if ((message.Expect == "stop") != stopped.Count > 0 || (message.Expect != "stop" && (message.Expect == "reply") != (answer.Outcome == Outcome.OutOfScope)))
                wrong.Add($"{message.Id} “{message.Text}”: {answer.Outcome} {string.Join(' ', stopped)}");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("Which councils run libraries?\n\nKind regards\n\nPriya Shah\nPolicy Officer\nTel: 01632 960123\npriya.shah@example.gov.uk")]
    [InlineData("Which councils run libraries?\n\nPriya Shah\nPolicy Officer\nTel: 01632 960123")]
    [InlineData("Hi Shah, which councils run libraries? Thanks, Priya, 01632 960123")]
    [InlineData("From: Priya Shah <priya.shah@example.gov.uk>\nSubject: Libraries\n\nWhich councils run libraries?\n\nRegards\nPriya Shah")]
    public async Task A_signature_is_neither_judged_nor_kept(string text)
    {
        await using var walk = await Walk.CreateAsync();

        var answer = await walk.AskAsync(text);

        Assert.Contains("hich councils run libraries?", answer.Question, StringComparison.Ordinal);
        var kept = JsonSerializer.Serialize(answer, CoopJson.Options) + JsonSerializer.Serialize(walk.Ledger.Entries, CoopJson.Options);
        Assert.DoesNotContain("Priya", kept, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Shah", kept, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("960123", kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Please help the tenant.\nHis phone number is 07700 900321.\nWhich councils stop evictions?\n\nRegards\nTom")]
    [InlineData("Which councils run libraries? Ring 07700 900321.")]
    public async Task Personal_data_in_the_question_itself_is_still_stopped(string text)
    {
        await using var walk = await Walk.CreateAsync();

        var answer = await walk.AskAsync(text);

        Assert.Equal(Outcome.Held, answer.Outcome);
        Assert.Null(answer.Question);
    }
}
