using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger;
using CoopAI.Tests.Cli;
using Dapper;

namespace CoopAI.Tests.Adapters.Sqlite;

/// <summary>What another hand changes in the database is named, and no answer quotes it.</summary>
public sealed class StateSealsTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    public static TheoryData<string, string> Alterations() => new()
    {
        { "UPDATE case_studies SET json = replace(json, '2018', '1066') WHERE slug = 'alpha'", "case study alpha was altered" },
        { "UPDATE case_studies SET hash = 'x' WHERE slug = 'alpha'", "case study alpha was altered" },
        { "UPDATE case_studies SET vectors = zeroblob(length(vectors)) WHERE slug = 'alpha'", "case study alpha was altered" },
        { "UPDATE case_studies SET model = 'another' WHERE slug = 'alpha'", "case study alpha was altered" },
        { "UPDATE case_studies SET read_from = 'elsewhere' WHERE slug = 'alpha'", "case study alpha was altered" },
        { "UPDATE case_studies SET read_at = '2001' WHERE slug = 'alpha'", "case study alpha was altered" },
        { "UPDATE case_studies SET slug = 'gamma' WHERE slug = 'alpha'", "case study gamma was added" },
        { "DELETE FROM case_studies WHERE slug = 'alpha'", "case study (alpha) was removed" },
        { "INSERT INTO case_studies SELECT 'gamma', json, hash, model, dimension, vectors, read_at, read_from FROM case_studies WHERE slug = 'alpha'", "case study gamma was added" },
        { "DELETE FROM state_seals WHERE key = 'alpha'", "case study alpha was added" },
        { "UPDATE state_seals SET salt = zeroblob(16) WHERE key = 'alpha'", "case study alpha was altered" },
        { "UPDATE state_seals SET id = 'beta' WHERE key = 'alpha'", "case study alpha was altered" },
    };

    [Theory]
    [MemberData(nameof(Alterations))]
    public async Task Every_alteration_of_a_case_study_is_named(string sql, string finding)
    {
        await IngestTwoAsync();
        Assert.Equal(0, (await _cli.RunAsync("ledger", "verify")).Status);

        Alter(sql);

        var (status, output, _) = await _cli.RunAsync("ledger", "verify");
        Assert.Equal(1, status);
        Assert.Contains(finding, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_altered_case_study_is_not_loaded_and_reading_it_again_mends_it()
    {
        var file = await IngestTwoAsync();
        Alter("UPDATE case_studies SET json = replace(json, '2018', '1066') WHERE slug = 'alpha'");
        var database = CoopDatabase.Open(_cli.DataDirectory);
        var library = new CaseStudyLibrary(database);

        Assert.Equal(["beta"], library.Load().Select(c => c.CaseStudy.Slug));
        Assert.Equal(["alpha"], library.FindUnfit().Keys);

        database.ReleaseFile();
        Assert.Equal(0, (await _cli.RunAsync("ingest", file)).Status);
        Assert.Equal(["alpha", "beta"], library.Load().Select(c => c.CaseStudy.Slug));
        Assert.Equal(0, (await _cli.RunAsync("ledger", "verify")).Status);
    }

    [Fact]
    public async Task A_decision_and_its_entry_are_one_commit()
    {
        await IngestTwoAsync();
        var database = CoopDatabase.Open(_cli.DataDirectory);
        using var ledger = new SqliteLedger(database, new LedgerOptions(), TimeProvider.System);
        var decisions = new TagDecisionStore(database, ledger);
        var before = ledger.Head()!.Size;
        // The entry cannot be made: a subject may hold no white space.
        Assert.ThrowsAny<Exception>(() => decisions.Add(new("no slug", "learning", CoopAI.Core.Tagging.StaffVerdict.Accepted, "Ann", DateTimeOffset.UnixEpoch, null, "v", null, null)));

        Assert.Empty(decisions.GetStanding());
        Assert.Equal(before, ledger.Head()!.Size);
    }

    [Fact]
    public async Task An_altered_decision_is_named()
    {
        await IngestTwoAsync();
        Assert.Equal(0, (await _cli.RunAsync("tag", "alpha", "--learn", "--accept", "learning", "--by", "Ann")).Status);
        Assert.Equal(0, (await _cli.RunAsync("ledger", "verify")).Status);

        Alter("UPDATE tag_decisions SET verdict = 'Rejected'");

        var (status, output, _) = await _cli.RunAsync("ledger", "verify");
        Assert.Equal(1, status);
        Assert.Contains("decision on a tag", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_changes_nothing_but_a_count_makes_no_entry()
    {
        await IngestTwoAsync();
        var database = CoopDatabase.Open(_cli.DataDirectory);
        using var ledger = new SqliteLedger(database, new LedgerOptions(), TimeProvider.System);
        var before = ledger.Head()!.Size;

        database.Write((c, t) => c.Execute("UPDATE case_studies SET read_from = read_from", transaction: t));

        Assert.Equal(before, ledger.Head()!.Size);
    }

    [Fact]
    public async Task Published_heads_that_were_removed_are_missed()
    {
        await IngestTwoAsync();
        File.Delete(Path.Combine(_cli.DataDirectory, LedgerOptions.DefaultHeads));

        var (status, output, _) = await _cli.RunAsync("ledger", "verify");

        Assert.Equal(1, status);
        Assert.Contains("was emptied, cut or removed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_of_the_public_key_heals()
    {
        await IngestTwoAsync();
        var file = Path.Combine(_cli.DataDirectory, "ledger-key.pub.pem");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await _cli.RunAsync("ledger", "verify")).Status);
        Assert.Equal(0, (await _cli.RunAsync("doctor")).Status);
        Assert.Contains("PUBLIC KEY", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_database()
    {
        if (OperatingSystem.IsWindows()) return;
        await IngestTwoAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_cli.DataDirectory, CoopDatabase.FileName)));
    }

    [Fact]
    public async Task A_copy_without_the_private_key_verifies()
    {
        await IngestTwoAsync();
        using var copy = CoopAI.Cli.AuditCopy.Make(_cli.DataDirectory);
        using var ledger = new SqliteLedger(CoopDatabase.Open(copy.Directory), new LedgerOptions(), TimeProvider.System);

        Assert.True(ledger.Verify().Sound);
        Assert.False(File.Exists(Path.Combine(copy.Directory, LedgerKeyFile.DefaultName)));
    }

    private async Task<string> IngestTwoAsync()
    {
        var file = Path.Combine(_cli.DataDirectory, "two.jsonl");
        Directory.CreateDirectory(_cli.DataDirectory);
        await File.WriteAllTextAsync(file, """
            {"slug":"alpha","title":"Residents run the library","text":"In 2018 residents took over the library. The council evaluated the scheme and shared the lessons with other councils."}
            {"slug":"beta","title":"A food co-operative","text":"A food co-operative opened in 2020. It sells vegetables from local farms."}

            """);
        Assert.Equal(0, (await _cli.RunAsync("ingest", file)).Status);
        return file;
    }

    private void Alter(string sql)
    {
        var path = Path.Combine(_cli.DataDirectory, CoopDatabase.FileName);
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False");
        Assert.True(connection.Execute(sql) > 0);
    }
}
