using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Tests.Core.Tagging.Learning;

public sealed class TaggingCrossValidationTests
{
    [Fact]
    public async Task Every_text_is_predicted_once_a_repeat_and_the_same_way_again()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader, 20);

        var first = TaggingCrossValidation.Run(reader, examples, prior: null, folds: 2, repeats: 2, seed: 5);
        var second = TaggingCrossValidation.Run(reader, examples, prior: null, folds: 2, repeats: 2, seed: 5);

        Assert.Equal(40, first.Count);
        Assert.Equal(examples.Select(e => e.Key), first.Where(r => r.Repeat == 1).Select(r => r.Example.Key));
        Assert.Equal(first.Select(r => r.Suggestion.Tags[1].Probability), second.Select(r => r.Suggestion.Tags[1].Probability));
    }

    [Fact]
    public async Task Texts_that_always_train_are_left_out_when_their_twin_is_held_out()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader, 4);
        var twin = await reader.ReadAsync(examples[0].Text.Source with { Slug = "other-name", Text = examples[0].Text.Source.Text.ToUpperInvariant() }, TestContext.Current.CancellationToken);

        var left = TaggingCrossValidation.Without([examples[0] with { Text = twin }, examples[1], examples[2]], [examples[0], examples[1]]);

        Assert.Equal([examples[2].Key], left.Select(e => e.Key));
    }
}
