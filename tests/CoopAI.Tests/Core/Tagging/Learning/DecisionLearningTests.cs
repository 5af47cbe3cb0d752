using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Tests.Core.Tagging.Learning;

public sealed class DecisionLearningTests
{
    private static StaffDecision Decision(string slug, string principle, StaffVerdict verdict) =>
        new(slug, principle, verdict, "Ann", DateTimeOffset.UnixEpoch, null, "v", 0.5, null);

    [Fact]
    public async Task A_decision_replaces_the_readers_label_and_masks_nothing_else()
    {
        var examples = await TaggingFixture.ExamplesAsync(await TaggingFixture.ReaderAsync(), 3);
        var texts = examples.ToDictionary(e => e.Key, e => e.Text);

        var merged = DecisionLearning.Merge(examples, [Decision("made-up-0", "learning", StaffVerdict.Rejected), Decision("gone", "learning", StaffVerdict.Added)], texts);

        Assert.Equal(4, merged.Count);
        Assert.False(merged[0].Labels.ContainsKey("learning"));
        Assert.Equal(9, merged[0].Labels.Count);
        Assert.Equal([new KeyValuePair<string, bool>("learning", false)], merged[3].Labels);
        Assert.Equal(DecisionLearning.Weight, merged[3].Weight);
    }

    [Fact]
    public async Task A_decision_moves_the_next_suggestion_its_way()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader);
        var text = await reader.ReadAsync(new TaggableText("new", "", "The library opens late on Thursdays and lends garden tools to anyone with a card."), TestContext.Current.CancellationToken);
        var texts = new Dictionary<string, ReadText> { ["new"] = text };
        double After(StaffVerdict verdict) => TaggerTrainer.Train(reader, DecisionLearning.Merge(examples, [Decision("new", "learning", verdict)], texts), null).Suggest(text).Tags[8].Probability;

        var before = TaggerTrainer.Train(reader, examples, null).Suggest(text).Tags[8].Probability;

        Assert.True(After(StaffVerdict.Added) > before, "added");
        Assert.True(After(StaffVerdict.Rejected) <= before, "rejected");
    }

    [Fact]
    public void Decisions_that_do_harm_beyond_chance_are_not_kept_and_it_is_said()
    {
        // Every one of 40 texts has a squared error of 2 over 10 pairs with the decisions and 1 without: 0.2 against 0.1.
        var comparison = DecisionLearning.Judge([.. Enumerable.Repeat((2.0, 1.0, 10.0), 40)], decisions: 7, seed: 1);

        Assert.Equal((0.2, 0.1, false), (comparison.With, comparison.Without, comparison.Kept));
        Assert.Equal(0.1, comparison.Difference, 12);
        Assert.Contains("is worse on held-out texts", comparison.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_within_chance_keeps_the_decisions()
    {
        // Half of the texts are better by 1, half worse by 1.1: worse on average, but not beyond chance.
        var comparison = DecisionLearning.Judge([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? (1.0, 2.0, 10.0) : (2.1, 1.0, 10.0))], decisions: 7, seed: 1);

        Assert.True(comparison.Difference > 0);
        Assert.True(comparison.Kept);
    }

    [Fact]
    public async Task Both_taggers_are_compared_on_texts_that_they_had_not_seen()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader, 24);
        var merged = DecisionLearning.Merge(examples, [Decision("made-up-1", "learning", StaffVerdict.Rejected)], examples.ToDictionary(e => e.Key, e => e.Text));

        var comparison = DecisionLearning.Compare(reader, examples, merged, 1, null, seed: 3);

        Assert.InRange(comparison.With, 0.0001, 0.25);
        Assert.InRange(comparison.Without, 0.0001, 0.25);
        Assert.True(comparison.Kept);
    }

    [Fact]
    public async Task Without_decisions_there_is_nothing_to_compare()
    {
        var reader = await TaggingFixture.ReaderAsync();

        var comparison = DecisionLearning.Compare(reader, [], [], 0, null, seed: 1);

        Assert.True(comparison.Kept);
        Assert.Contains("nothing to compare", comparison.Summary, StringComparison.Ordinal);
    }
}
