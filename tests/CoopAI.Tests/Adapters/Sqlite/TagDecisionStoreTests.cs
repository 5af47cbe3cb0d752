using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;

namespace CoopAI.Tests.Adapters.Sqlite;

public sealed class TagDecisionStoreTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 30, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-tags-").FullName;
    private readonly CoopDatabase _database;
    private readonly SqliteLedger _ledger;
    private readonly TagDecisionStore _store;

    public TagDecisionStoreTests()
    {
        _database = CoopDatabase.Open(_directory);
        _ledger = new SqliteLedger(_database, new LedgerOptions(), TimeProvider.System);
        _store = new TagDecisionStore(_database, _ledger);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _database.ReleaseFile();
        Directory.Delete(_directory, recursive: true);
    }

    private static StaffDecision Decision(string slug, string principle, StaffVerdict verdict, string by = "Ann", string? reason = null) =>
        new(slug, principle, verdict, by, At, reason, "abc", 0.25, null);

    [Fact]
    public void A_decision_comes_back_whole()
    {
        var decision = new StaffDecision("a", "learning", StaffVerdict.Accepted, "Zoë O'Neill; DROP TABLE", At, "“Because”", "0123", 0.1234, "A sentence.");

        _store.Add(decision);

        Assert.Equal([decision], new TagDecisionStore(CoopDatabase.Open(_directory), _ledger).GetStanding());
    }

    [Fact]
    public void The_latest_decision_on_a_tag_stands_and_undoing_it_brings_the_older_back()
    {
        _store.Add(Decision("a", "learning", StaffVerdict.Accepted));
        _store.Add(Decision("a", "learning", StaffVerdict.Rejected, "Bob"));
        _store.Add(Decision("a", "innovation", StaffVerdict.Added));

        var undone = _store.Undo("a", "learning", "Ann", At);

        Assert.Equal("Bob", undone!.By);
        Assert.Equal([("innovation", StaffVerdict.Added), ("learning", StaffVerdict.Accepted)], _store.GetStanding().Select(d => (d.Principle, d.Verdict)));
    }

    [Fact]
    public void Undoing_what_was_never_decided_changes_nothing()
    {
        var before = _store.GetVersion();

        Assert.Null(_store.Undo("a", "learning", "Ann", At));
        Assert.Equal(before, _store.GetVersion());
    }

    [Fact]
    public void Every_decision_and_every_undoing_changes_the_version()
    {
        var versions = new List<string> { _store.GetVersion() };
        _store.Add(Decision("a", "learning", StaffVerdict.Accepted));
        versions.Add(_store.GetVersion());
        _store.Undo("a", "learning", "Ann", At);
        versions.Add(_store.GetVersion());

        Assert.Equal(3, versions.Distinct().Count());
    }

    [Fact]
    public void Each_persons_latest_word_on_a_tag_is_kept_for_measuring_agreement()
    {
        _store.Add(Decision("a", "learning", StaffVerdict.Accepted));
        _store.Add(Decision("a", "learning", StaffVerdict.Rejected));
        _store.Add(Decision("a", "learning", StaffVerdict.Accepted, "Bob"));

        Assert.Equal([("Ann", false), ("Bob", true)], _store.GetByPerson().Select(d => (d.By, d.IsYes)));
    }
}
