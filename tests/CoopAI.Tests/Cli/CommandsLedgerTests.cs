using System.Text;
using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Tests.Core.Ledger;
using Dapper;

namespace CoopAI.Tests.Cli;

public sealed class CommandsLedgerTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task One_byte_altered_by_hand_after_a_review_is_found_and_its_entry_named_with_exit_status_1()
    {
        Record("a1", "a2", "a3");
        Assert.Equal(0, (await _cli.RunAsync("reviews", "add", "a2", "--by", "Cllr Ada", "--verdict", "disagree", "--reason", "The year is wrong")).Status);
        var (status, output, _) = await _cli.RunAsync("ledger", "verify");
        Assert.Equal(0, status);
        Assert.Contains("sound: 5 entries", output, StringComparison.Ordinal);

        FlipByte("\"index\":2,\"kind\":\"answer"u8);

        (status, output, _) = await _cli.RunAsync("ledger", "verify");
        Assert.Equal(1, status);
        Assert.Contains("Entry 2 (answer a2) was altered", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Entry 1 ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Entry 3 ", output, StringComparison.Ordinal);

        (status, output, _) = await _cli.RunAsync("ledger", "verify", "--json");
        Assert.Equal(1, status);
        var findings = JsonDocument.Parse(output).RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.All(findings, f => Assert.Equal((2, "answer", "a2"), (f.GetProperty("index").GetInt32(), f.GetProperty("kind").GetString(), f.GetProperty("subject").GetString())));
    }

    [Fact]
    public async Task One_byte_of_the_answer_itself_altered_by_hand_names_its_entry()
    {
        Record("a1");

        FlipByte("set one up in 2022"u8);

        var (status, output, _) = await _cli.RunAsync("ledger", "verify");
        Assert.Equal(1, status);
        Assert.Contains("The record of entry 1 (answer a1) was altered", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_is_verified_offline_with_the_public_key_alone()
    {
        Record("a1", "a2");
        var (_, receipt, _) = await _cli.RunAsync("ledger", "show", "a1", "--receipt");
        var file = _cli.Write("receipt.json", receipt);
        var key = _cli.Write("public.pem", File.ReadAllText(Path.Combine(_cli.DataDirectory, "ledger-key.pub.pem")));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_cli.DataDirectory, recursive: true);

        var (status, output, _) = await _cli.RunAsync("ledger", "verify", file, "--public-key", key);
        Assert.Equal(0, status);
        Assert.Contains("The receipt holds: entry 1", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.DataDirectory));

        var forged = _cli.Write("forged.json", receipt.Replace("answered", "anSwered", StringComparison.Ordinal));
        (status, output, _) = await _cli.RunAsync("ledger", "verify", forged, "--public-key", key);
        Assert.Equal(1, status);
        Assert.Contains("is not in the ledger", output, StringComparison.Ordinal);

        (status, _, var error) = await _cli.RunAsync("ledger", "verify", file);
        Assert.Equal(2, status);
        Assert.Contains("--public-key", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_are_listed_shown_and_exported()
    {
        Record("a1", "a2");

        var list = await _cli.JsonAsync("ledger", "list", "--kind", "answer");
        Assert.Equal([2, 1], list.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("index").GetInt32()));

        var shown = await _cli.JsonAsync("ledger", "show", "a2");
        Assert.Equal(LedgerSamples.Question, shown.GetProperty("record").GetProperty("question").GetString());
        Assert.Equal(2, shown.GetProperty("receipt").GetProperty("index").GetInt32());
        Assert.Equal(0, (await _cli.RunAsync("ledger", "show", "0")).Status);

        var (_, lines, _) = await _cli.RunAsync("ledger", "export");
        Assert.Equal(3, lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("land trust", lines, StringComparison.Ordinal);
        Assert.StartsWith("index,at,kind", (await _cli.RunAsync("ledger", "export", "--csv")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erased_question_is_gone_and_the_ledger_still_sound()
    {
        Record("a1");

        Assert.Equal(0, (await _cli.RunAsync("ledger", "erase", "a1")).Status);

        Assert.Contains("question: [erased]", (await _cli.RunAsync("ledger", "show", "a1")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await _cli.RunAsync("ledger", "verify")).Status);
    }

    [Fact]
    public async Task A_head_kept_earlier_shows_that_the_ledger_was_cut_back()
    {
        Record("a1", "a2");
        var receipt = (await _cli.JsonAsync("ledger", "show", "a2")).GetProperty("receipt").GetRawText();
        var heads = _cli.Write("heads.jsonl", receipt + "\n");
        Assert.Equal(0, (await _cli.RunAsync("ledger", "verify", "--heads", heads)).Status);
        using (var connection = CoopDatabase.Open(_cli.DataDirectory).Connect())
            connection.Execute("DELETE FROM ledger_entries WHERE idx = 2; DELETE FROM ledger_heads WHERE size = 3; DELETE FROM ledger_records WHERE idx = 2; DELETE FROM ledger_texts WHERE idx = 2; DELETE FROM ledger_nodes WHERE level = 0 AND idx = 2");
        // Heads are published to a file beside the database unless another place is set; whoever can cut the one can remove the other.
        File.Delete(Path.Combine(_cli.DataDirectory, LedgerOptions.DefaultHeads));

        var (status, output, _) = await _cli.RunAsync("ledger", "verify", "--heads", heads);

        Assert.Equal(1, status);
        Assert.Contains("cut back", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_off_switch_and_the_history_of_settings_work_from_the_command_line()
    {
        Assert.Equal(0, (await _cli.RunAsync("settings", "off", "--by", "A. Officer", "--reason", "The corpus is being corrected")).Status);
        Assert.Equal("off", (await _cli.JsonAsync("settings", "history")).GetProperty("answering").GetString());
        Assert.Equal(2, (await _cli.RunAsync("settings", "off", "--by", "A. Officer", "--reason", "Again")).Status);
        Assert.Equal(0, (await _cli.RunAsync("settings", "on", "--by", "A. Officer", "--reason", "Corrected")).Status);

        Assert.Contains("The corpus is being corrected", (await _cli.RunAsync("settings", "history")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_key_keeps_the_whole_ledger_verifiable()
    {
        Record("a1");

        Assert.Equal(0, (await _cli.RunAsync("ledger", "rotate-key", "--by", "A. Officer", "--reason", "Yearly")).Status);

        Assert.Equal(0, (await _cli.RunAsync("ledger", "verify")).Status);
    }

    [Theory]
    [InlineData("no ledger in", "ledger", "verify")]
    [InlineData("neither an answer's id", "ledger", "show", "nothing")]
    [InlineData("no kind of entry", "ledger", "list", "--kind", "answers")]
    [InlineData("from 1 to 1,000", "ledger", "list", "--take", "0")]
    [InlineData("cannot be read", "ledger", "verify", "missing.json")]
    [InlineData("cannot be read", "ledger", "verify", "--public-key", "missing.pem")]
    [InlineData("either the id of one answer", "ledger", "erase")]
    [InlineData("there is no answer", "reviews", "add", "a9", "--by", "Ada", "--verdict", "agree")]
    [InlineData("agree, disagree or unsure", "reviews", "add", "a9", "--by", "Ada", "--verdict", "maybe")]
    [InlineData("is not a week", "reviews", "sample", "--week", "47")]
    [InlineData("--reason", "settings", "off", "--by", "A. Officer")]
    [InlineData("is empty", "ledger", "rotate-key", "--by", "A. Officer", "--reason", "Yearly")]
    public async Task Bad_input_exits_with_2_and_says_what_would_be_right(string part, params string[] args)
    {
        var (status, output, error) = await _cli.RunAsync(args);

        Assert.Equal(2, status);
        Assert.Empty(output);
        Assert.Contains(part, error, StringComparison.OrdinalIgnoreCase);
    }

    private void Record(params string[] ids)
    {
        using var ledger = new SqliteLedger(CoopDatabase.Open(_cli.DataDirectory), new LedgerOptions(), TimeProvider.System);
        foreach (var id in ids) ledger.Append(LedgerSamples.Answer(id));
    }

    // As with a hex editor: one bit of the last byte sought, in the file itself, after everything was written to it.
    private void FlipByte(ReadOnlySpan<byte> sought)
    {
        var database = CoopDatabase.Open(_cli.DataDirectory);
        using (var connection = database.Connect()) connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var bytes = File.ReadAllBytes(database.Path);
        var at = bytes.AsSpan().IndexOf(sought);
        Assert.True(at >= 0, $"{Encoding.UTF8.GetString(sought)} is not in the file");
        bytes[at + sought.Length - 1] ^= 1;
        File.WriteAllBytes(database.Path, bytes);
    }
}
