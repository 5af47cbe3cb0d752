using System.Text.Json;

namespace CoopAI.Tests.Cli;

public sealed class CommandsTagTests : IDisposable
{
    private const string Text =
        "Residents of the estate voted on how the council should spend its budget for the park. An evaluation was published as a toolkit with lessons for other councils.";

    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task All_ten_principles_come_back_with_evidence_that_stands_in_the_text()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());

        var result = await _cli.JsonAsync("tag", _cli.Write("text.txt", Text));

        var tags = result.GetProperty("tags").EnumerateArray().ToList();
        Assert.Equal(10, tags.Count);
        Assert.All(tags, t => Assert.InRange(t.GetProperty("probability").GetDouble(), 0, 1));
        Assert.All(tags, t => Assert.Contains(t.GetProperty("decision").GetString(), new[] { "yes", "unsure", "no" }));
        Assert.All(tags.SelectMany(t => t.GetProperty("evidence").EnumerateArray()), e =>
            Assert.Equal(e.GetProperty("sentence").GetString(), Text[e.GetProperty("start").GetInt32()..e.GetProperty("end").GetInt32()]));
        Assert.All(tags.Where(t => t.GetProperty("decision").GetString() == "yes"), t => Assert.NotEqual(0, t.GetProperty("evidence").GetArrayLength()));
        Assert.Equal("yes", tags.Single(t => t.GetProperty("id").GetString() == "democratic-engagement").GetProperty("decision").GetString());
    }

    [Fact]
    public async Task A_decision_changes_the_next_suggestion_and_undoing_it_brings_the_old_one_back()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());
        static double Learning(JsonElement r) => r.GetProperty("tags").EnumerateArray().Single(t => t.GetProperty("id").GetString() == "learning").GetProperty("probability").GetDouble();

        var before = await _cli.JsonAsync("tag", "school-food");
        var after = await _cli.JsonAsync("tag", "school-food", "--learn", "--add", "learning", "--by", "Ann", "--reason", "It is a model for others");
        var undone = await _cli.JsonAsync("tag", "school-food", "--learn", "--undo", "learning", "--by", "Ann");

        Assert.True(Learning(after) > Learning(before), $"{Learning(after)} is not above {Learning(before)}");
        Assert.NotEqual(before.GetProperty("version").GetString(), after.GetProperty("version").GetString());
        Assert.Equal("added", after.GetProperty("decided")[0].GetProperty("verdict").GetString());
        Assert.Equal(1, after.GetProperty("comparison").GetProperty("decisions").GetInt32());
        Assert.Equal(Learning(before), Learning(undone));
    }

    [Fact]
    public async Task Bad_input_exits_with_2_and_names_what_is_wrong()
    {
        // One data directory for all: each case reads it and none changes it.
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());
        foreach (var (expected, args) in new (string, string[])[]
        {
            ("neither a file nor the slug", ["tag", "no-such-thing"]),
            ("What is to be tagged?", ["tag"]),
            ("needs --learn", ["tag", "youth-panel", "--accept", "learning"]),
            ("is not a principle", ["tag", "youth-panel", "--learn", "--accept", "lerning"]),
            ("No decision on learning of youth-panel stands", ["tag", "youth-panel", "--learn", "--undo", "learning"]),
            ("neither a folder nor a file", ["tag", "--batch", "no-such-thing"]),
            ("out of range", ["principles", "audit", "--top", "0"]),
        })
        {
            var (status, _, error) = await _cli.RunAsync(args);

            Assert.True(status == 2, $"{string.Join(' ', args)}: exit {status}");
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_text_of_five_words_gets_no_tags_and_the_reason()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());

        var (status, output, _) = await _cli.RunAsync("tag", _cli.Write("short.txt", "Residents voted on the budget."));

        Assert.Equal(0, status);
        Assert.Contains("fewer than 8 words", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_was_torn_goes_on_and_ends_with_the_same_bytes()
    {
        var source = _cli.WriteSmallCorpus();
        var output = _cli.Write("tags.jsonl", "");
        await _cli.RunAsync("tag", "--batch", source, "--out", output);
        var whole = await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken);
        var csv = await File.ReadAllTextAsync(Path.ChangeExtension(output, ".csv"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(output, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);

        var again = await _cli.JsonAsync("tag", "--batch", source, "--out", output);

        Assert.InRange(again.GetProperty("tagged").GetInt32(), 1, 3);
        Assert.Equal(whole, await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal(csv, await File.ReadAllTextAsync(Path.ChangeExtension(output, ".csv"), TestContext.Current.CancellationToken));
        Assert.Equal(5, csv.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Principles_are_listed_and_gaps_counted()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());

        var principles = await _cli.JsonAsync("principles");
        var gaps = await _cli.JsonAsync("principles", "gaps");

        Assert.Equal(10, principles.GetProperty("principles").GetArrayLength());
        Assert.Equal(10, gaps.GetProperty("principles").GetArrayLength());
        Assert.True(gaps.GetProperty("caseStudies").GetInt32() >= 4);
    }

    [Fact]
    public async Task The_queue_lists_the_most_doubtful_tags_and_how_to_decide()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());

        var queue = await _cli.JsonAsync("tag", "queue", "--top", "5");
        var (status, output, _) = await _cli.RunAsync("tag", "queue", "--top", "1");

        Assert.Equal(5, queue.GetProperty("tags").GetArrayLength());
        Assert.Equal(40, queue.GetProperty("total").GetInt32());
        var first = queue.GetProperty("tags")[0];
        Assert.Equal(0, status);
        Assert.Contains($"coopai tag {first.GetProperty("slug").GetString()} --learn --accept {first.GetProperty("principle").GetString()}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_shows_published_suggested_and_decided_principles_apart()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());
        await _cli.RunAsync("tag", "youth-panel", "--learn", "--add", "learning", "--by", "Ann");

        var hit = (await _cli.JsonAsync("search", "youth panel")).GetProperty("hits").EnumerateArray().First(h => h.GetProperty("slug").GetString() == "youth-panel");
        var (_, output, _) = await _cli.RunAsync("search", "youth panel");

        Assert.Equal("democratic-engagement", hit.GetProperty("tags").GetProperty("published")[0].GetString());
        Assert.Equal("learning", hit.GetProperty("tags").GetProperty("decided")[0].GetString());
        Assert.Contains("Principles published: democratic-engagement", output, StringComparison.Ordinal);
        Assert.Contains("Principles decided: learning", output, StringComparison.Ordinal);
    }
}
