using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Tests.Core.Ledger;

namespace CoopAI.Tests.Adapters.Sqlite;

public sealed class FeedbackBookTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-feedback-").FullName;
    private readonly CoopDatabase _database;

    public FeedbackBookTests() => _database = CoopDatabase.Open(_directory);

    [Fact]
    public void It_is_counted_by_reason_and_found_newest_first()
    {
        var book = At("2026-11-01");
        book.Add("a", true, ["saved-time", "found-precedent"], null);
        book.Add("b", false, ["missing", "saved-time"], "Oldham is missing.");
        book.Add("c", false, [], null);

        var counts = book.Count();

        Assert.Equal((1, 2), (counts.Useful, counts.NotUseful));
        Assert.Equal((1, 1), counts.ByReason["saved-time"]);
        Assert.Equal((0, 0), counts.ByReason["wrong"]);
        Assert.Equal(["c", "b", "a"], book.Newest(null, null, 0, 10).Select(f => f.AnswerId));
        Assert.Equal(["b"], book.Newest(null, "saved-time", 0, 1).Select(f => f.AnswerId));
        Assert.Equal(["a"], book.Newest(null, "saved-time", 1, 1).Select(f => f.AnswerId));
        Assert.Equal((2, 1, 0), (book.Total(false, null), book.Total(false, "missing"), book.Total(true, "missing")));
    }

    [Fact]
    public void Comments_past_their_time_are_erased_and_the_verdict_stays()
    {
        At("2026-01-01").Add("old", false, ["wrong"], "About Mr Example of 1 High Street.");
        At("2026-02-01").Add("limit", true, [], "Exactly thirty days old.");
        At("2026-02-20").Add("new", true, [], "Fresh.");

        var erased = At("2026-03-03").EraseOlderThan(30);

        Assert.Equal(1, erased);
        Assert.Equal([null, "Exactly thirty days old.", "Fresh."], At("2026-03-03").List().Select(f => f.Comment));
        Assert.Equal(["wrong"], At("2026-03-03").List("old")[0].Reasons);
        Assert.Equal(0, At("2026-03-03").EraseOlderThan(30));
    }

    [Fact]
    public void A_reason_of_its_own_and_a_comment_too_long_are_refused()
    {
        Assert.Contains("from the list", Assert.Throws<BadInputException>(() => At("2026-01-01").Add("a", true, ["'; DROP TABLE answer_feedback"], null)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 2,000", Assert.Throws<BadInputException>(() => At("2026-01-01").Add("a", true, [], new string('x', FeedbackBook.MaxComment + 1))).Message, StringComparison.Ordinal);
        Assert.Empty(At("2026-01-01").List());
    }

    public void Dispose()
    {
        _database.ReleaseFile();
        Directory.Delete(_directory, recursive: true);
    }

    private FeedbackBook At(string day) => new(_database, new SetClock(DateTimeOffset.Parse($"{day}T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture)));
}
