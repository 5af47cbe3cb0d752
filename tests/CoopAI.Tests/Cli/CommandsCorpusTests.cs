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
    [InlineData("What is to be read?", "ingest")]
    [InlineData("is not a field", "ingest", "x.csv", "--columns", "Story=words")]
    [InlineData("There is no import", "ingest", "--undo", "20260101-000000-ffff")]
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
    public async Task A_kill_during_ingest_leaves_nothing_half_imported_and_the_same_command_goes_on()
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
        // The first progress line means that a batch is encoded and others are under way.
        string? first;
        do first = await ingest.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        while (first is not null && !first.Contains(" of 400", StringComparison.Ordinal));
        ingest.Kill();
        await ingest.WaitForExitAsync(TestContext.Current.CancellationToken);

        var doctor = await _cli.JsonAsync("doctor");
        var again = await _cli.JsonAsync("ingest", file);

        Assert.Contains(" of 400", first, StringComparison.Ordinal);
        Assert.True(doctor.GetProperty("sound").GetBoolean());
        Assert.Equal((0, 400), (again.GetProperty("unchanged").GetInt32(), again.GetProperty("added").GetInt32()));
        var imports = await _cli.JsonAsync("ingest", "--list");
        Assert.Equal("applied", Assert.Single(imports.GetProperty("imports").EnumerateArray()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_an_import_is_undone_as_a_whole()
    {
        var one = _cli.Write("one.md", "---\ntitle: The net loft\nlead: Skelby Town Council\n---\nThe net loft trains 30 net menders a year in the old loft by the quay.");
        var two = _cli.Write("two.html", "<html><body><nav>Home</nav><h1>The bandstand</h1><p>The council repainted the bandstand in Mill Park in spring.</p></body></html>");

        var dry = await _cli.JsonAsync("ingest", one, two, "--dry-run");
        var applied = await _cli.JsonAsync("ingest", one, two);
        var found = await _cli.JsonAsync("search", "net menders", "--top", "1");
        var undone = await _cli.JsonAsync("ingest", "--undo", applied.GetProperty("import").GetString()!);
        var gone = await _cli.JsonAsync("search", "net menders loft quay", "--top", "5");

        Assert.Equal((2, 2), (dry.GetProperty("added").GetInt32(), applied.GetProperty("added").GetInt32()));
        Assert.Equal(["the-net-loft", "the-bandstand"], dry.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("slug").GetString()!));
        // Among two case studies nothing is sure enough to be a hit; the near ones are named all the same.
        Assert.Contains("the-net-loft", found.ToString(), StringComparison.Ordinal);
        Assert.Equal("undone", undone.GetProperty("state").GetString());
        Assert.DoesNotContain("the-net-loft", gone.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_text_under_two_names_is_told_and_found_once()
    {
        const string Text = "The net loft guild trains 30 net menders a year in the old loft. It is owned by the net menders and pays the living wage.";
        var file = _cli.Write("twice.jsonl", string.Join('\n', new[] { "dup-a", "dup-b" }.Select(s => JsonSerializer.Serialize(new { slug = s, title = "Net loft guild", text = Text }))));

        var report = await _cli.JsonAsync("ingest", file);
        var found = await _cli.JsonAsync("search", "net loft guild", "--top", "10");

        var twin = Assert.Single(report.GetProperty("twins").EnumerateArray());
        Assert.Equal(("dup-b", "dup-a"), (twin.GetProperty("slug").GetString(), twin.GetProperty("twin").GetString()));
        Assert.Contains("dup-a", found.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("dup-b", found.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();
}
