using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Tests.Core.Tagging;

public sealed class TaggerTests
{
    private const string Voting = "Residents of the estate voted on how the council should spend its budget. The railings were painted green in the autumn.";

    private static Task<ReadText> ReadAsync(TaggableTextReader reader, string text, string? slug = null) =>
        reader.ReadAsync(new TaggableText(slug, "", text), TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_tag_comes_with_the_sentence_that_shows_it_and_near_texts_that_have_it()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var tagger = TaggerTrainer.Train(reader, await TaggingFixture.ExamplesAsync(reader), prior: null);

        var suggestion = tagger.Suggest(await ReadAsync(reader, Voting));

        var tag = suggestion.Tags.Single(t => t.Decision is TagDecision.Yes);
        Assert.Equal("democratic-engagement", tag.Id);
        Assert.Equal("Residents of the estate voted on how the council should spend its budget.", tag.Evidence[0].Sentence);
        Assert.Equal(tag.Evidence[0].Sentence, Voting[tag.Evidence[0].Start..tag.Evidence[0].End]);
        Assert.NotEmpty(tag.Neighbours);
        Assert.All(tag.Neighbours, slug => Assert.Equal(0, int.Parse(slug["made-up-".Length..], System.Globalization.CultureInfo.InvariantCulture) % 2));
        Assert.Equal(10, suggestion.Tags.Count);
        Assert.Null(suggestion.Note);
    }

    [Fact]
    public async Task A_text_with_nothing_to_tag_gets_ten_noes_and_the_reason()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var tagger = TaggerTrainer.Train(reader, await TaggingFixture.ExamplesAsync(reader), prior: null);

        var suggestion = tagger.Suggest(await ReadAsync(reader, "Residents voted."));

        Assert.All(suggestion.Tags, t => Assert.Equal((TagDecision.No, 0, 0), (t.Decision, t.Probability, t.Evidence.Count)));
        Assert.Contains("fewer than 8 words", suggestion.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_order_of_the_examples_changes_nothing()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader);
        var text = await ReadAsync(reader, Voting);

        var forwards = TaggerTrainer.Train(reader, examples, prior: null);
        var backwards = TaggerTrainer.Train(reader, [.. Enumerable.Reverse(examples)], prior: null);

        Assert.Equal(forwards.Version, backwards.Version);
        Assert.Equal(JsonSerializer.Serialize(forwards.Suggest(text), CoopJson.Options), JsonSerializer.Serialize(backwards.Suggest(text), CoopJson.Options));
    }

    [Fact]
    public async Task A_masked_label_teaches_nothing()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader);
        var text = await ReadAsync(reader, Voting);
        TaggingExample Masked(TaggingExample e) => e with { Labels = e.Labels.Where(l => l.Key != "learning").ToDictionary() };

        // Half of the texts no longer say anything about learning; turning that half's old label round must not be seen.
        List<TaggingExample> masked = [.. examples.Select((e, i) => i < 30 ? Masked(e) : e)];
        List<TaggingExample> turned = [.. examples.Select((e, i) => i < 30 ? Masked(e with { Labels = e.Labels.ToDictionary(l => l.Key, l => l.Key == "learning" ? !l.Value : l.Value) }) : e)];

        var first = TaggerTrainer.Train(reader, masked, prior: null).Suggest(text);
        var second = TaggerTrainer.Train(reader, turned, prior: null).Suggest(text);
        var full = TaggerTrainer.Train(reader, examples, prior: null).Suggest(text);

        Assert.Equal(first.Tags.Select(t => t.Probability), second.Tags.Select(t => t.Probability));
        Assert.NotEqual(full.Tags[8].Probability, first.Tags[8].Probability);
    }

    [Fact]
    public async Task The_version_tells_data_and_settings_apart()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader);

        string[] versions =
        [
            TaggerTrainer.Train(reader, examples, null).Version,
            TaggerTrainer.Train(reader, examples[1..], null).Version,
            TaggerTrainer.Train(reader, [examples[0] with { Weight = 2 }, .. examples[1..]], null).Version,
            TaggerTrainer.Train(reader, examples, null, new TaggerSettings { Seed = 2 }).Version,
        ];

        Assert.Equal(4, versions.Distinct().Count());
    }

    [Fact]
    public async Task Without_evidence_in_the_labels_the_likeliest_sentence_is_learned()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = (await TaggingFixture.ExamplesAsync(reader)).ConvertAll(e => e with { Evidence = new Dictionary<string, IReadOnlyList<string>>() });

        var suggestion = TaggerTrainer.Train(reader, examples, prior: null).Suggest(await ReadAsync(reader, Voting));

        Assert.Equal(TagDecision.Yes, suggestion.Tags[1].Decision);
    }

    [Fact]
    public async Task A_text_is_not_its_own_neighbour()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader);
        var tagger = TaggerTrainer.Train(reader, examples, prior: null);

        var known = tagger.Suggest(examples[0].Text);
        var twin = tagger.Suggest(await ReadAsync(reader, examples[0].Text.Source.Text, "another-slug"));

        Assert.DoesNotContain("made-up-0", known.Tags.SelectMany(t => t.Neighbours));
        Assert.DoesNotContain("made-up-0", twin.Tags.SelectMany(t => t.Neighbours));
    }

    [Fact]
    public async Task Few_examples_train_a_tagger_and_none_is_refused()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var few = await TaggingFixture.ExamplesAsync(reader, 4);

        Assert.Equal(10, TaggerTrainer.Train(reader, few, prior: null).Suggest(few[0].Text).Tags.Count);
        Assert.Throws<ArgumentException>(() => TaggerTrainer.Train(reader, [], prior: null));
    }

    [Fact]
    public async Task Asking_for_more_right_tags_moves_yes_and_leaves_unsure_where_it_was()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var examples = await TaggingFixture.ExamplesAsync(reader);

        var loose = TaggerTrainer.Train(reader, examples, prior: null, new TaggerSettings { GivenPrecision = 0.5 }).Thresholds;
        var strict = TaggerTrainer.Train(reader, examples, prior: null, new TaggerSettings { GivenPrecision = 1.01 }).Thresholds;

        Assert.All(loose, t => Assert.Equal(t.Value.Unsure, strict[t.Key].Unsure));
        Assert.All(loose, t => Assert.InRange(t.Value.Yes, t.Value.Unsure, strict[t.Key].Yes));
        Assert.True(loose["learning"].Yes < strict["learning"].Yes);
    }

    [Fact]
    public async Task A_likely_tag_without_a_sentence_that_shows_it_by_itself_is_unsure()
    {
        var reader = await TaggingFixture.ReaderAsync();
        var tagger = TaggerTrainer.Train(reader, await TaggingFixture.ExamplesAsync(reader), prior: null, new TaggerSettings { StrongSentence = 1.01 });

        var tag = tagger.Suggest(await ReadAsync(reader, Voting)).Tags.Single(t => t.Id == "democratic-engagement");

        Assert.Equal(TagDecision.Unsure, tag.Decision);
        Assert.True(tag.Probability >= tagger.Thresholds["democratic-engagement"].Yes);
        Assert.NotEmpty(tag.Evidence);
    }
}
