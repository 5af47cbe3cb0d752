using System.Diagnostics;
using System.Text.Json;

namespace CoopAI.Tests.Cli;

public sealed class CommandsCorpusTests : IDisposable
{
    private readonly CliRun _cli = new();

    [Theory]
    [InlineData("Unrecognized command or argument 'asc'", "asc")]
    [InlineData("See: coopai search --help", "search")]
    [InlineData("cannot be read", "ingest", "no-such-file.jsonl")]
    [InlineData("is an address", "ingest", "https://example.org/page")]
    public async Task Bad_usage_exits_with_2_and_says_what_would_be_right(string expected, params string[] args)
    {
        var (status, output, error) = await _cli.RunAsync(args);

        Assert.Equal(2, status);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_second_ingest_of_the_same_file_changes_nothing()
    {
        var file = _cli.WriteSmallCorpus();

        var first = await _cli.JsonAsync("ingest", file);
        var second = await _cli.JsonAsync("ingest", file);

        Assert.Equal((4, 0), (first.GetProperty("added").GetInt32(), first.GetProperty("unchanged").GetInt32()));
        Assert.Equal((0, 4), (second.GetProperty("added").GetInt32(), second.GetProperty("unchanged").GetInt32()));
    }

    [Fact]
    public async Task A_broken_line_is_named_and_the_others_are_stored()
    {
        var file = _cli.Write("broken.jsonl", """
            {"slug":"one","title":"One","text":"A council did one thing."}
            {"slug":"two","title":"Two"
            {"slug":"three","title":"Three","text":"A council did a third thing."}
            """);

        var (status, output, error) = await _cli.RunAsync("ingest", file);

        Assert.Equal(1, status);
        Assert.Contains("line 2", error, StringComparison.Ordinal);
        Assert.Contains("2 added", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_broken_lines_the_first_fifty_are_shown_and_the_rest_counted()
    {
        var file = _cli.Write("noise.jsonl", string.Concat(Enumerable.Repeat("noise\n", 60)));

        var (status, _, error) = await _cli.RunAsync("ingest", file);

        Assert.Equal(1, status);
        Assert.Contains("line 50:", error, StringComparison.Ordinal);
        Assert.DoesNotContain("line 51:", error, StringComparison.Ordinal);
        Assert.Contains("10 more lines have problems", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_removes_what_the_file_no_longer_holds_but_not_because_of_a_broken_line()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());
        var one = """{"slug":"school-food","title":"Local food in schools","text":"Local firms supply the schools."}""";

        var (refused, _, error) = await _cli.RunAsync("ingest", _cli.Write("half.jsonl", one + "\nnoise"), "--prune");
        var pruned = await _cli.JsonAsync("ingest", _cli.Write("one.jsonl", one), "--prune");

        Assert.Equal(2, refused);
        Assert.Contains("Nothing was changed", error, StringComparison.Ordinal);
        Assert.Equal((1, 3), (pruned.GetProperty("changed").GetInt32(), pruned.GetProperty("removed").GetInt32()));
    }

    [Fact]
    public async Task A_search_prints_the_contracts_fields()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());

        var found = await _cli.JsonAsync("search", "housing co-operative run by tenants", "--council", "Millford", "--top", "2");

        var hit = found.GetProperty("hits")[0];
        Assert.Equal("housing-co-op", hit.GetProperty("slug").GetString());
        Assert.Equal(2019, hit.GetProperty("year").GetInt32());
        Assert.Equal("Harrow Vale Council", hit.GetProperty("leadMember").GetString());
        Assert.InRange(hit.GetProperty("score").GetDouble(), 0, 1);
        Assert.Equal("housing-co-op#0", hit.GetProperty("passages")[0].GetProperty("id").GetString());
        Assert.True(found.TryGetProperty("facets", out _));
    }

    [Theory]
    [InlineData("--year", "soon", "not a year or a range")]
    [InlineData("--year", "2022..2019", "ends before it begins")]
    [InlineData("--principle", "kindness", "is not a principle")]
    [InlineData("--top", "0", "ask for 1 to 100")]
    public async Task A_filter_that_cannot_be_used_is_refused(string option, string value, string expected)
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());

        var (status, _, error) = await _cli.RunAsync("search", "housing", option, value);

        Assert.Equal(2, status);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_during_ingest_leaves_a_sound_database_with_whole_case_studies()
    {
        var lines = Enumerable.Range(0, 400).Select(i => JsonSerializer.Serialize(new
        {
            slug = $"case-{i}",
            title = $"Case {i}",
            text = string.Join(' ', Enumerable.Range(0, 12).Select(s => $"Sentence {s} of case {i} tells what the council did in year {s}.")),
        }));
        var file = _cli.Write("many.jsonl", string.Join('\n', lines));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "coopai.dll"), "ingest", file, "--data", _cli.DataDirectory])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var ingest = Process.Start(start)!;
        // The first progress line means that a batch is committed and others are under way.
        var first = await ingest.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        ingest.Kill();
        await ingest.WaitForExitAsync(TestContext.Current.CancellationToken);

        var doctor = await _cli.JsonAsync("doctor");
        var again = await _cli.JsonAsync("ingest", file);

        Assert.Contains(" of 400", first, StringComparison.Ordinal);
        Assert.True(doctor.GetProperty("sound").GetBoolean());
        var (kept, added) = (again.GetProperty("unchanged").GetInt32(), again.GetProperty("added").GetInt32());
        Assert.True(kept is > 0 and < 400, $"{kept} were kept");
        Assert.Equal(400, kept + added);
    }

    public void Dispose() => _cli.Dispose();
}
