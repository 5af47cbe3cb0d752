using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Tests.Core.Ledger;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Tests.Adapters.Sqlite;

public sealed class SqliteLedgerTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-ledger-").FullName;
    private readonly SetClock _clock = new(Noon);

    // Filled once and copied: every commit waits for the disk.
    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> FilledFiles = new(Fill);

    private CoopDatabase? _database;

    private CoopDatabase Database => _database ??= CoopDatabase.Open(_directory);

    public void Dispose()
    {
        _database?.ReleaseFile();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void An_appended_answer_comes_back_whole_with_its_question_and_a_receipt_that_holds()
    {
        using var ledger = Ledger();
        ledger.Append(LedgerSamples.Answer("a1"));

        var answer = ledger.Answer("a1")!;

        Assert.Equal(LedgerSamples.Question, answer.Question);
        Assert.True(JsonNode.DeepEquals(LedgerSamples.Record("a1"), answer.Record));
        Assert.Empty(ledger.ReceiptForAnswer("a1")!.Verify(ledger.EnsureKey()));
        Assert.Null(ledger.Answer("unknown"));
    }

    [Fact]
    public void The_first_entry_names_the_key_and_the_key_file_is_its_owners_alone()
    {
        using var ledger = Ledger();
        ledger.Append(LedgerSamples.Answer("a1"));

        Assert.Equal(LedgerKind.KeyRotation, ledger.Entry(0)!.Entry.Kind);
        Assert.Equal(ledger.EnsureKey().Id, ledger.Entry(0)!.Entry.Subject);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ledger.Key.Path));
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(ledger.Key.PublicPath), StringComparison.Ordinal);
    }

    [Fact]
    public void Old_receipts_fresh_receipts_and_the_proof_between_their_heads_hold_at_every_size()
    {
        using var ledger = Ledger();
        var receipts = Enumerable.Range(0, 20).Select(i => ledger.Append(LedgerSamples.Answer($"a{i}"))).ToList();
        var key = ledger.EnsureKey();
        var newest = ledger.Head()!;

        foreach (var receipt in receipts)
        {
            Assert.Empty(receipt.Verify(key));
            Assert.Empty(ledger.ReceiptFor(receipt.Index)!.Verify(key));
            var proof = ledger.ConsistencyProof(receipt.Head.Size, newest.Size).Select(Convert.FromHexString).ToList();
            Assert.True(MerkleTree.VerifyConsistency(
                receipt.Head.Size, newest.Size, proof, Convert.FromHexString(receipt.Head.Root), Convert.FromHexString(newest.Root)));
        }
        Assert.Throws<BadInputException>(() => ledger.ConsistencyProof(0, 5));
        Assert.Throws<BadInputException>(() => ledger.ConsistencyProof(5, 22));
    }

    [Fact]
    public void An_untouched_ledger_is_sound()
    {
        using var ledger = Filled();

        var check = ledger.Verify();

        Assert.Empty(check.Findings);
        Assert.Equal(13, check.Entries);
    }

    [Theory] // What a hand with access to the file could do, and which entry must be named.
    [InlineData("UPDATE ledger_entries SET json = replace(json, 'answered', 'answerEd') WHERE idx = 5", "altered", 5, "a5")]
    [InlineData("UPDATE ledger_entries SET json = json || ' ' WHERE idx = 12", "altered", 12, "a12")]
    [InlineData("UPDATE ledger_entries SET json = 'x' WHERE idx = 7", "altered", 7, "a7")]
    [InlineData("UPDATE ledger_entries SET json = x'00ff' WHERE idx = 7", "altered", 7, "a7")]
    [InlineData("UPDATE ledger_entries SET json = 5 WHERE idx = 7", "altered", 7, "a7")]
    [InlineData("UPDATE ledger_entries SET subject = 'other' WHERE idx = 3", "altered", 3, "other")]
    [InlineData("UPDATE ledger_entries SET kind = 'review' WHERE idx = 3", "altered", 3, "a3")]
    [InlineData("DELETE FROM ledger_entries WHERE idx = 4", "missing", 4, "a4")]
    [InlineData("DELETE FROM ledger_entries WHERE idx = 12", "missing", 12, "a12")]
    [InlineData("DELETE FROM ledger_entries WHERE idx = 0", "missing", 0, null)]
    [InlineData("UPDATE ledger_records SET json = replace(json, 'Northbeck', 'Northbeak') WHERE idx = 6", "record", 6, "a6")]
    [InlineData("DELETE FROM ledger_records WHERE idx = 6", "record", 6, "a6")]
    [InlineData("UPDATE ledger_texts SET text = 'Which council?' WHERE idx = 6 AND name = 'question'", "text", 6, "a6")]
    [InlineData("UPDATE ledger_texts SET salt = x'00' WHERE idx = 6 AND name = 'question'", "text", 6, "a6")]
    [InlineData("DELETE FROM ledger_texts WHERE idx = 6 AND name = 'question'", "text", 6, "a6")]
    [InlineData("INSERT INTO ledger_texts VALUES (6, 'more', 'x', x'00')", "text", 6, "a6")]
    [InlineData("INSERT INTO ledger_records VALUES (99, 'a99', '{}')", "record", 99, "a99")]
    [InlineData("INSERT INTO ledger_entries SELECT 13, 'review', 'r', json FROM ledger_entries WHERE idx = 5", "added", 13, "r")]
    [InlineData("INSERT INTO ledger_entries VALUES (13, 'review', 'r', '{}')", "added", 13, "r")]
    [InlineData("UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 0 AND idx = 2", "tree", 2, null)]
    [InlineData("UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 2 AND idx = 1", "tree", 4, null)]
    [InlineData("UPDATE ledger_heads SET json = replace(json, '\"size\":6', '\"size\":6 ') WHERE size = 6", "head", 5, null)]
    [InlineData("UPDATE ledger_heads SET json = replace(json, '2026-11-20', '2026-11-21') WHERE size = 6", "head", 5, null)]
    [InlineData("UPDATE ledger_heads SET json = replace(json, '2026-11-20', '2026-11-21') WHERE size = 13", "head", 12, null)]
    [InlineData("DELETE FROM ledger_heads WHERE size = 6", "head", 5, null)]
    public void Every_change_by_hand_is_found_and_its_entry_named(string sql, string what, int index, string? subject)
    {
        using var ledger = Filled();
        Change(sql);

        var check = ledger.Verify();

        var finding = Assert.Single(check.Findings);
        Assert.Equal((what, (long?)index), (finding.What, finding.Index));
        if (subject is not null) Assert.Contains(subject, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_exchanged_entries_are_both_named_as_reordered()
    {
        using var ledger = Filled();
        Change("UPDATE ledger_entries SET idx = -1 WHERE idx = 5; UPDATE ledger_entries SET idx = 5 WHERE idx = 8; UPDATE ledger_entries SET idx = 8 WHERE idx = -1;");

        var found = ledger.Verify().Findings.Where(f => f.What == "reordered").Select(f => f.Index);

        Assert.Equal([5, 8], found);
    }

    [Fact]
    public void An_entry_altered_together_with_its_leaf_and_inner_hashes_is_still_named_and_so_is_each_further_one()
    {
        using var ledger = Filled();
        foreach (var idx in new[] { 3, 9 })
        {
            Change($"UPDATE ledger_entries SET json = replace(json, 'answered', 'refused!') WHERE idx = {idx}");
            using var connection = Database.Connect();
            var forged = MerkleTree.LeafHash(System.Text.Encoding.UTF8.GetBytes(connection.QuerySingle<string>($"SELECT json FROM ledger_entries WHERE idx = {idx}")));
            connection.Execute("UPDATE ledger_nodes SET hash = @forged WHERE level = 0 AND idx = @idx", new { forged, idx });
        }

        var found = ledger.Verify().Findings;

        Assert.Equal([3, 9], found.Where(f => f.What == "altered").Select(f => f.Index));
    }

    [Fact]
    public void An_entry_altered_together_with_an_unsigned_head_is_still_named()
    {
        using var ledger = Filled();
        Change("UPDATE ledger_entries SET json = replace(json, 'answered', 'refused!') WHERE idx = 5");
        using (var connection = Database.Connect())
        {
            var leaf = Convert.ToHexStringLower(MerkleTree.LeafHash(System.Text.Encoding.UTF8.GetBytes(connection.QuerySingle<string>("SELECT json FROM ledger_entries WHERE idx = 5"))));
            var head = ledger.Head(6)!;
            connection.Execute("UPDATE ledger_heads SET json = replace(json, @old, @leaf) WHERE size = 6", new { old = head.Leaf, leaf });
        }

        var found = ledger.Verify().Findings;

        Assert.Contains(found, f => f is { What: "altered", Index: 5, Subject: "a5" });
        Assert.Contains(found, f => f is { What: "head", Index: 5 });
    }

    [Fact]
    public void A_ledger_cut_back_or_rewritten_is_found_against_a_head_kept_elsewhere()
    {
        using var ledger = Filled();
        var kept = ledger.Head()!;
        Change("DELETE FROM ledger_entries WHERE idx >= 10; DELETE FROM ledger_heads WHERE size > 10; DELETE FROM ledger_records WHERE idx >= 10; DELETE FROM ledger_texts WHERE idx >= 10; DELETE FROM ledger_nodes WHERE (idx + 1) << level > 10;");

        Assert.Empty(ledger.Verify().Findings);
        Assert.Contains("cut back", Assert.Single(ledger.Verify(heads: [kept]).Findings).Message, StringComparison.Ordinal);

        for (var i = 0; i < 3; i++) ledger.Append(LedgerSamples.Answer($"b{i}"));
        Assert.Contains("rewritten", Assert.Single(ledger.Verify(heads: [kept]).Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_key_than_the_trusted_one_is_found()
    {
        using var ledger = Filled();
        using var other = LedgerSigner.Create();

        Assert.Equal("key", Assert.Single(ledger.Verify(other.Public).Findings).What);
    }

    [Fact]
    public void Nothing_is_signed_on_top_of_changed_nodes()
    {
        using var ledger = Filled();
        Change("UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 3 AND idx = 0");

        Assert.Contains("does not match its signed head", Assert.Throws<BadInputException>(() => ledger.Append(LedgerSamples.Answer("b"))).Message, StringComparison.Ordinal);
        Assert.Equal(13, ledger.Head()!.Size);
    }

    [Fact]
    public void An_erased_question_leaves_no_trace_in_the_files_and_all_proofs_stay_valid()
    {
        using var ledger = Filled();
        ledger.Append(LedgerSamples.Answer("secret", "Does zanzibarquestion hold here at all?"));
        var before = ledger.ReceiptForAnswer("secret")!;

        Assert.NotNull(ledger.EraseQuestion("secret"));

        Assert.Null(ledger.Answer("secret")!.Question);
        Assert.Null(ledger.Answer("secret")!.Record["notCovered"]![0]);
        Assert.Equal("answered", ledger.Answer("secret")!.Record["outcome"]!.GetValue<string>());
        Assert.Empty(before.Verify(ledger.EnsureKey()));
        Assert.Empty(ledger.Verify().Findings);
        Assert.Null(ledger.EraseQuestion("secret"));
        Assert.Throws<BadInputException>(() => ledger.EraseQuestion("unknown"));
        Database.ReleaseFile();
        foreach (var file in Directory.GetFiles(_directory, "coopai.db*"))
            Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf("zanzibarquestion"u8) >= 0, file);
    }

    [Fact]
    public void The_retention_job_erases_what_is_older_than_its_days_and_nothing_else()
    {
        using var ledger = Ledger();
        ledger.Append(LedgerSamples.Answer("old"));
        _clock.Now = Noon.AddDays(30);
        ledger.Append(LedgerSamples.Answer("young"));
        _clock.Now = Noon.AddDays(31);

        Assert.Equal(1, ledger.EraseOlderThan(30, TestContext.Current.CancellationToken));

        Assert.Null(ledger.Answer("old")!.Question);
        Assert.NotNull(ledger.Answer("young")!.Question);
        Assert.Equal(0, ledger.EraseOlderThan(30, TestContext.Current.CancellationToken));
        Assert.Empty(ledger.Verify().Findings);
    }

    [Fact]
    public void Two_ledgers_on_one_file_writing_at_once_keep_one_line_without_gap_or_fork()
    {
        const int Each = 40;
        Parallel.For(0, 4, w =>
        {
            using var ledger = Ledger();
            for (var i = 0; i < Each; i++) ledger.Append(LedgerSamples.Answer($"w{w}-{i}"));
        });

        using var one = Ledger();
        var check = one.Verify();
        Assert.Empty(check.Findings);
        Assert.Equal(4 * Each + 1, check.Entries);
        for (var w = 0; w < 4; w++)
        {
            var own = one.AnswerIds().Where(id => id.StartsWith($"w{w}-", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"w{w}-{i}"), own);
        }
    }

    [Fact]
    public void An_answer_is_recorded_once()
    {
        using var ledger = Ledger();
        ledger.Append(LedgerSamples.Answer("a"));

        Assert.Contains("already", Assert.Throws<BadInputException>(() => ledger.Append(LedgerSamples.Answer("a"))).Message, StringComparison.Ordinal);
        Assert.Equal(2, ledger.Head()!.Size);
    }

    [Fact]
    public void A_full_disk_records_nothing_and_says_so_and_the_ledger_goes_on_when_there_is_room()
    {
        using var ledger = Filled();
        string[] files = [Database.Path, Database.Path + "-wal"];
        // SQLite's own limit on pages reports exactly what a full disk does.
        Assert.ThrowsAny<BadInputException>(() => Database.Write((connection, _) =>
        {
            connection.Execute("PRAGMA max_page_count = 1");
            for (var i = 0; ; i++) connection.Execute("INSERT INTO ledger_texts VALUES (@i, 'x', @text, x'00')", new { i = 1000 + i, text = new string('x', 20_000) });
        }));

        Assert.Empty(ledger.Verify().Findings);
        Assert.Equal(13, ledger.Head()!.Size);
        Database.ReleaseFile();
        ledger.Append(LedgerSamples.Answer("b"));
        Assert.Empty(ledger.Verify().Findings);
        Assert.All(files.Where(File.Exists), f => Assert.True(new FileInfo(f).Length >= 0));
    }

    [Fact]
    public void A_missing_key_stops_recording_with_a_message_that_says_what_to_do()
    {
        using (Filled())
        {
        }
        File.Delete(Path.Combine(_directory, LedgerKeyFile.DefaultName));
        using var ledger = Ledger();

        var message = Assert.Throws<BadInputException>(() => ledger.Append(LedgerSamples.Answer("b"))).Message;

        Assert.Contains("is missing", message, StringComparison.Ordinal);
        Assert.Contains("rotate-key --lost", message, StringComparison.Ordinal);
        Assert.Empty(ledger.Verify().Findings);
    }

    [Fact]
    public void A_wrong_key_stops_recording_and_names_the_file()
    {
        using (Filled())
        {
        }
        using (var other = LedgerSigner.Create())
            File.WriteAllText(Path.Combine(_directory, LedgerKeyFile.DefaultName), other.ExportPem());
        using var ledger = Ledger();

        var message = Assert.Throws<BadInputException>(() => ledger.EnsureKey()).Message;

        Assert.Contains("another key", message, StringComparison.Ordinal);
        Assert.Contains(LedgerKeyFile.DefaultName, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_open_to_others_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such file modes.");
            return;
        }
        using (Filled())
        {
        }
        File.SetUnixFileMode(Path.Combine(_directory, LedgerKeyFile.DefaultName), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        using var ledger = Ledger();

        Assert.Contains("chmod 600", Assert.Throws<BadInputException>(() => ledger.EnsureKey()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_key_is_recorded_with_the_old_keys_word_and_another_process_goes_on_with_it()
    {
        using var ledger = Filled();
        using var other = Ledger();
        other.Append(LedgerSamples.Answer("before"));
        var old = ledger.EnsureKey().Id;

        ledger.RotateKey(lost: false, "A. Officer", "Yearly change");
        other.Append(LedgerSamples.Answer("after"));

        Assert.NotEqual(old, other.EnsureKey().Id);
        Assert.Equal([old, other.EnsureKey().Id], ledger.Keys().Select(k => k.Id));
        var check = ledger.Verify();
        Assert.Empty(check.Findings);
        Assert.DoesNotContain(check.Notes, n => n.Contains("lost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_key_is_replaced_openly()
    {
        using (Filled())
        {
        }
        File.Delete(Path.Combine(_directory, LedgerKeyFile.DefaultName));
        using var ledger = Ledger();

        Assert.Throws<BadInputException>(() => ledger.RotateKey(lost: false, "A. Officer", "No file"));
        Assert.Throws<BadInputException>(() => ledger.RotateKey(lost: true, "A. Officer", " "));
        ledger.RotateKey(lost: true, "A. Officer", "The disk failed");

        ledger.Append(LedgerSamples.Answer("b"));
        var check = ledger.Verify();
        Assert.Empty(check.Findings);
        Assert.Contains(check.Notes, n => n.Contains("lost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_of_key_without_the_old_keys_word_is_found()
    {
        using var ledger = Filled();
        ledger.RotateKey(lost: false, "A. Officer", "Yearly change");
        using var stranger = LedgerSigner.Create();
        using var memorySigner = LedgerSigner.Create();
        var forged = KeyRotation.Next(ledger.Head()!.KeyId, stranger, memorySigner.Public, "Nobody", "None");
        ledger.Append(forged);

        Assert.Contains(ledger.Verify().Findings, f => f is { What: "key", Index: 14 });
    }

    [Fact]
    public void A_kill_between_the_entry_and_the_exchange_of_key_files_is_mended_at_the_next_start()
    {
        using (var ledger = Filled())
            ledger.RotateKey(lost: false, "A. Officer", "Yearly change");
        var key = Path.Combine(_directory, LedgerKeyFile.DefaultName);
        string id;
        using (var now = Ledger()) id = now.EnsureKey().Id;
        // As it lay at the moment of the kill: the new key under its id, the old one still in place.
        var oldFile = Directory.GetFiles(_directory, "ledger-key.*.pem").Single(f => !f.EndsWith(".pub.pem", StringComparison.Ordinal));
        File.Move(key, Path.Combine(_directory, $"ledger-key.{id[..16]}.pem"));
        File.Move(oldFile, key);

        using var after = Ledger();
        after.Append(LedgerSamples.Answer("after"));

        Assert.Equal(id, after.EnsureKey().Id);
        Assert.Empty(after.Verify().Findings);
    }

    [Fact]
    public void Heads_are_published_to_a_file_in_order_and_catch_up_after_an_outage()
    {
        var target = Path.Combine(_directory, "away", "heads.jsonl");
        var log = new List<string>();
        var options = new LedgerOptions { PublishTo = target };
        using (var ledger = new SqliteLedger(Database, options, _clock, log.Add, LedgerSamples.Salt()))
        {
            for (var i = 0; i < 3; i++) ledger.Append(LedgerSamples.Answer($"a{i}"));
        }
        Assert.NotEmpty(log);
        Assert.False(File.Exists(target));

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using (var ledger = new SqliteLedger(Database, options, _clock, log.Add, LedgerSamples.Salt()))
        {
            ledger.Append(LedgerSamples.Answer("a3"));
        }

        var sizes = File.ReadLines(target).Select(l => JsonNode.Parse(l)!["size"]!.GetValue<long>());
        Assert.Equal([1, 2, 3, 4, 5], sizes);
        using var again = new SqliteLedger(Database, options, _clock, log.Add, LedgerSamples.Salt());
        Assert.Empty(again.Verify().Findings);
    }

    [Fact]
    public void A_page_lists_newest_first_and_can_be_narrowed()
    {
        using var ledger = Filled();

        Assert.Equal([12, 11, 10], ledger.List(take: 3).Select(e => e.Entry.Index));
        Assert.Equal([9, 8], ledger.List(before: 10, take: 2).Select(e => e.Entry.Index));
        Assert.Equal([0], ledger.List(LedgerKind.KeyRotation).Select(e => e.Entry.Index));
        Assert.Equal([4], ledger.List(subject: "a4").Select(e => e.Entry.Index));
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.List(take: 1001));
    }

    private SqliteLedger Ledger() => new(Database, new LedgerOptions { PublishTo = "none" }, _clock, salt: LedgerSamples.Salt());

    private SqliteLedger Filled()
    {
        foreach (var (name, content) in FilledFiles.Value)
        {
            var path = Path.Combine(_directory, name);
            File.WriteAllBytes(path, content);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        _clock.Now = Noon.AddMinutes(12);
        return Ledger();
    }

    // The key's entry and the answers a1 to a12, a minute apart.
    private static Dictionary<string, byte[]> Fill()
    {
        var directory = Directory.CreateTempSubdirectory("coopai-ledger-").FullName;
        try
        {
            var database = CoopDatabase.Open(directory);
            var clock = new SetClock(Noon);
            using (var ledger = new SqliteLedger(database, new LedgerOptions(), clock, salt: LedgerSamples.Salt()))
            {
                for (var i = 1; i <= 12; i++)
                {
                    clock.Now = Noon.AddMinutes(i);
                    ledger.Append(LedgerSamples.Answer($"a{i}"));
                }
            }
            using (var connection = database.Connect()) connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            database.ReleaseFile();
            return Directory.GetFiles(directory).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private void Change(string sql)
    {
        using var connection = Database.Connect();
        connection.Execute(sql);
    }
}
