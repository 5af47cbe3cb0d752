using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Orchestration.Settings;
using CoopAI.Tests.Core.Ledger;

namespace CoopAI.Tests.Orchestration.Reviewing;

public sealed class ReviewBookTests : IDisposable
{
    // A Wednesday in 2026-W47.
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 9, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-reviews-").FullName;
    private readonly SetClock _clock = new(Wednesday);
    private readonly CoopDatabase _database;
    private readonly SqliteLedger _ledger;
    private readonly ReviewBook _book;
    private readonly SettingsBook _settings;

    public ReviewBookTests()
    {
        _database = CoopDatabase.Open(_directory);
        _ledger = new(_database, new LedgerOptions(), _clock, salt: LedgerSamples.Salt());
        _book = new(_ledger, _ledger, _clock);
        _settings = new(_ledger, _ledger);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _database.ReleaseFile();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_review_is_an_entry_and_comes_back_with_name_and_reason()
    {
        Answer("a1");

        var review = _book.Add(new("a1", "Cllr Ada", ReviewVerdict.Disagree, "VG01", "sentence:0", "=HYPERLINK(\"x\")"));

        Assert.Equal(review, Assert.Single(_book.Of("a1")));
        Assert.Equal("review", _ledger.Entry(review.Entry)!.Entry.Json.GetProperty("kind").GetString());
        Assert.Contains("\"'=HYPERLINK(\"\"x\"\")\"", _book.ExportCsv(), StringComparison.Ordinal);
        Assert.Empty(_ledger.Verify().Findings);
    }

    [Fact]
    public void Agreement_keeps_up_with_every_review()
    {
        Answer("a1");
        Answer("a2");
        foreach (var (answer, verdict) in ((string, ReviewVerdict)[])[("a1", ReviewVerdict.Agree), ("a2", ReviewVerdict.Disagree)])
        {
            foreach (var member in (string[])["Ada", "Bea"])
            {
                _book.Add(new(answer, member, verdict, Reason: "So it is."));
                Assert.Equivalent(ReviewAgreement.Of(_book.All()), _book.Agreement(), strict: true);
            }
        }

        Assert.Equal(1, _book.Agreement().All.Alpha);
        Assert.Same(_book.Agreement(), _book.Agreement());
        _book.Add(new("a1", "Bea", ReviewVerdict.Unsure));
        Assert.NotEqual(1, _book.Agreement().All.Alpha);
    }

    [Theory]
    [InlineData("unknown", null, null, "no answer")]
    [InlineData("a1", "VG09", null, "no result of VG09")]
    [InlineData("a1", "VG01", "sentence:7", "sentence:7")]
    public void A_review_of_what_is_not_there_is_refused(string answer, string? rule, string? target, string part)
    {
        Answer("a1");

        Assert.Contains(part, Assert.Throws<BadInputException>(() => _book.Add(new(answer, "Ada", ReviewVerdict.Agree, rule, target))).Message, StringComparison.Ordinal);
        Assert.Empty(_book.All());
    }

    [Fact]
    public void A_weeks_sample_is_drawn_once_from_that_week_and_recorded_with_its_seed()
    {
        _clock.Now = Wednesday.AddDays(-7);
        Answer("week before");
        _clock.Now = Wednesday;
        foreach (var i in Enumerable.Range(1, 8)) Answer($"a{i}");
        Assert.Contains("can be drawn from the day after", Assert.Throws<BadInputException>(() => _book.Sample("2026-W47")).Message, StringComparison.Ordinal);
        _clock.Now = Wednesday.AddDays(7);
        Answer("week after");

        var sample = _book.Sample(size: 3, seed: "first");
        var again = _book.Sample(size: 5, seed: "second");

        Assert.Equal("2026-W47", sample.Week);
        Assert.Equal((8, 3, "first"), (sample.Population, sample.Answers.Count, sample.Seed));
        Assert.All(sample.Answers, id => Assert.StartsWith("a", id, StringComparison.Ordinal));
        Assert.Equal(sample.Answers, again.Answers);
        Assert.Equal("first", Assert.Single(_book.Samples()).Seed);
        Assert.Equal(ReviewSample.Draw("2026-W47", "first", [.. _ledger.AnswersBetween(Wednesday, Wednesday.AddDays(1))], 3).Answers, sample.Answers);
        Assert.Throws<BadInputException>(() => _book.Sample("2020-W01"));
    }

    [Fact]
    public void The_off_switch_holds_its_reason_until_it_is_switched_on_again_and_every_move_is_in_the_history()
    {
        Assert.Null(_settings.Get());

        _settings.Switch(on: false, "A. Officer", "The corpus is being corrected");
        Assert.Equal("The corpus is being corrected", new SettingsBook(_ledger, _ledger).Get()!.Reason);
        Assert.Throws<BadInputException>(() => _settings.Switch(on: false, "A. Officer", "Again"));
        _settings.Switch(on: true, "A. Officer", "Corrected");

        Assert.Null(_settings.Get());
        Assert.Equal(["Corrected", "The corpus is being corrected"], _settings.History().Select(h => h.Reason));
        Assert.Equal(["on", "off"], _settings.History(SettingsBook.Answering).Select(h => (string?)h.To));
    }

    [Theory]
    [InlineData("", "x", "author")]
    [InlineData("A. Officer", " ", "reason")]
    public void A_change_without_author_or_reason_is_refused(string author, string reason, string part) =>
        Assert.Contains(part, Assert.Throws<BadInputException>(() => _settings.Switch(on: false, author, reason)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_new_version_of_the_guidance_is_noted_once()
    {
        var files = new Dictionary<string, string> { ["framework.yaml"] = new('a', 64) };

        Assert.True(_settings.NoteGuidance("VG 1.0 (abc)", files, "the service", "Found at start"));
        Assert.False(_settings.NoteGuidance("VG 1.0 (abc)", files, "the service", "Found at start"));
        Assert.True(_settings.NoteGuidance("VG 1.1 (def)", files, "A. Officer", "New list"));

        Assert.Equal(["VG 1.1 (def)", "VG 1.0 (abc)"], _settings.History("guidance").Select(h => (string?)h.To));
    }

    private void Answer(string id)
    {
        id = id.Replace(' ', '-');
        var record = LedgerSamples.Record(id);
        record["rules"] = new JsonArray(new JsonObject { ["rule"] = "VG01", ["target"] = new JsonObject { ["kind"] = "sentence", ["id"] = "0" }, ["status"] = "pass" });
        _ledger.Append(LedgerDraft.Answer(id, LedgerSamples.Question, record));
    }
}
