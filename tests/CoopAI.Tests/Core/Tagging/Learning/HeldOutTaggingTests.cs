using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Tests.Core.Tagging.Learning;

public sealed class HeldOutTaggingTests
{
    private static LabelledText Labelled(string json) =>
        LabelledText.Of(JsonSerializer.Deserialize<CaseStudy>(json, CoopJson.Options)!, out var problem) is var labelled && problem is null ? labelled : throw new InvalidOperationException(problem);

    [Fact]
    public async Task Training_texts_that_are_also_test_texts_are_left_out()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var labels = (await TaggingFixture.ExamplesAsync(reader)).ConvertAll(e => new LabelledText(
            new CaseStudy { Slug = e.Key, Title = e.Text.Source.Title, Text = e.Text.Source.Text }, e.Labels, e.Evidence));
        CaseStudy[] test = [labels[0].CaseStudy, labels[1].CaseStudy with { Slug = "twin" }];

        var all = await HeldOutTagging.RunAsync(reader, labels, test, null, TestContext.Current.CancellationToken);
        var without = await HeldOutTagging.RunAsync(reader, labels[2..], test, null, TestContext.Current.CancellationToken);

        Assert.Equal(JsonSerializer.Serialize(without, CoopJson.Options), JsonSerializer.Serialize(all, CoopJson.Options));
    }

    [Fact]
    public async Task With_nothing_left_to_learn_from_it_says_so()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var label = Labelled("""{"slug":"a","title":"A","text":"Residents voted on the budget of the park this year.","principles":[]}""");

        await Assert.ThrowsAsync<BadInputException>(() => HeldOutTagging.RunAsync(reader, [label], [label.CaseStudy], null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Arguable_and_unknown_ids_are_masked_and_null_principles_mask_all()
    {
        var some = Labelled("""{"slug":"a","title":"A","text":"t","principles":["learning"],"arguable":["innovation"],"principlesUnknown":["social-value"]}""");
        var none = Labelled("""{"slug":"a","title":"A","text":"t","principles":null}""");

        Assert.Equal(8, some.Labels.Count);
        Assert.True(some.Labels["learning"]);
        Assert.False(some.Labels.ContainsKey("innovation") || some.Labels.ContainsKey("social-value"));
        Assert.Empty(none.Labels);
    }

    [Theory]
    [InlineData("\"arguable\":\"learning\"", "must be a list")]
    [InlineData("\"arguable\":[\"lerning\"]", "is not a principle")]
    public void Broken_labels_are_named(string field, string message)
    {
        LabelledText.Of(JsonSerializer.Deserialize<CaseStudy>($$"""{"slug":"a","title":"A","text":"t","principles":[],{{field}}}""", CoopJson.Options)!, out var problem);

        Assert.Contains(message, problem, StringComparison.Ordinal);
    }
}
