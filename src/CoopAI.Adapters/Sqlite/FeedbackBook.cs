using System.Globalization;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using Dapper;

namespace CoopAI.Adapters.Sqlite;

/// <summary>What an officer said of an answer.</summary>
/// <param name="Reasons">Ids from <see cref="FeedbackBook.Reasons"/>, in that order.</param>
/// <param name="Comment">Null: none.</param>
public sealed record Feedback(string AnswerId, DateTimeOffset At, bool Useful, IReadOnlyList<string> Reasons, string? Comment);

/// <summary>Feedback in figures.</summary>
/// <param name="ByReason">Useful and not useful for each of <see cref="FeedbackBook.Reasons"/>; one piece may give several reasons.</param>
public sealed record FeedbackCounts(int Useful, int NotUseful, IReadOnlyDictionary<string, (int Useful, int NotUseful)> ByReason);

/// <summary>Whether answers were of use, and why. Kept beside the ledger, not in it: it judges the service, it is no record of what the service did, and it can be deleted.</summary>
/// <param name="guidance">Refuses personal data in comments; null: nothing is refused.</param>
public sealed class FeedbackBook(CoopDatabase database, TimeProvider clock, GuidanceInForce? guidance = null)
{
    /// <summary>Longest comment in UTF-16 units.</summary>
    public const int MaxComment = 2000;

    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS answer_feedback (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            answer TEXT NOT NULL,
            at TEXT NOT NULL,
            useful INTEGER NOT NULL,
            reasons TEXT NOT NULL,
            comment TEXT
        );
        CREATE INDEX IF NOT EXISTS answer_feedback_by_answer ON answer_feedback (answer);
        """;

    private const string Columns = "answer AS Answer, at AS At, useful AS Useful, reasons AS Reasons, comment AS Comment";

    private const string Fits = "(@useful IS NULL OR useful = @useful) AND (@reason IS NULL OR ' ' || reasons || ' ' LIKE @reason)";

    /// <summary>Reasons to choose from, by id, as the form words them.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["found-precedent"] = "It found a precedent I can use",
        ["saved-time"] = "It saved me time",
        ["off-the-point"] = "It missed the point of my question",
        ["missing"] = "A precedent that I know of is missing",
        ["unclear"] = "It is hard to understand",
        ["wrong"] = "Something in it is wrong",
    };

    /// <summary>Keeps one piece of feedback.</summary>
    /// <exception cref="BadInputException">A reason is not one of <see cref="Reasons"/>, the comment is too long, or it holds personal data.</exception>
    public void Add(string answerId, bool useful, IReadOnlyCollection<string> reasons, string? comment)
    {
        ArgumentException.ThrowIfNullOrEmpty(answerId);
        ArgumentNullException.ThrowIfNull(reasons);
        if (reasons.FirstOrDefault(r => !Reasons.ContainsKey(r)) is not null)
            throw new BadInputException($"Choose reasons from the list: {string.Join(", ", Reasons.Keys)}.");
        if (comment?.Length > MaxComment)
            throw new BadInputException($"The comment has {comment.Length.ToString("N0", CultureInfo.InvariantCulture)} characters; at most {MaxComment:N0} are kept. Shorten it.");
        guidance?.Current.RefusePersonalData("comment", comment);
        database.Write((connection, transaction) => connection.Execute(
            "INSERT INTO answer_feedback (answer, at, useful, reasons, comment) VALUES (@answerId, @at, @useful, @reasons, @comment)",
            new
            {
                answerId,
                at = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                useful,
                reasons = string.Join(' ', Reasons.Keys.Where(reasons.Contains)),
                comment = string.IsNullOrWhiteSpace(comment) ? null : comment.Trim(),
            },
            transaction));
    }

    /// <summary>How many found answers useful or not, and for which reasons.</summary>
    public FeedbackCounts Count()
    {
        var groups = database.Read(c => c.Query<(long Useful, string Reasons, long Count)>("SELECT useful, reasons, count(*) FROM answer_feedback GROUP BY useful, reasons").ToList());
        return new(Sum(true, null), Sum(false, null), Reasons.Keys.ToDictionary(r => r, r => (Sum(true, r), Sum(false, r)), StringComparer.Ordinal));

        int Sum(bool useful, string? reason) => (int)groups.Where(g => (g.Useful != 0) == useful && (reason is null || Split(g.Reasons).Contains(reason))).Sum(g => g.Count);
    }

    /// <summary>How many pieces fit; null for either filter: any.</summary>
    /// <param name="reason">One of <see cref="Reasons"/>.</param>
    public int Total(bool? useful, string? reason) =>
        database.Read(c => c.ExecuteScalar<int>($"SELECT count(*) FROM answer_feedback WHERE {Fits}", new { useful, reason = Pattern(reason) }));

    /// <summary>The pieces that fit, newest first.</summary>
    public IReadOnlyList<Feedback> Newest(bool? useful, string? reason, int skip, int take) => database.Read(c =>
        c.Query<Row>($"SELECT {Columns} FROM answer_feedback WHERE {Fits} ORDER BY id DESC LIMIT @take OFFSET @skip", new { useful, reason = Pattern(reason), skip, take })
            .Select(r => r.ToFeedback()).ToList());

    /// <summary>Erases the comments that are older than a number of days. That an answer was found useful or not, and the reasons ticked, stay: they name nobody.</summary>
    /// <param name="days">At least 1.</param>
    /// <returns>How many comments were erased.</returns>
    public int EraseOlderThan(int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        // Times are written by one clock in one form of one length, so their order is that of the texts.
        var limit = clock.GetUtcNow().AddDays(-days).ToString("O", CultureInfo.InvariantCulture);
        return database.Write((c, t) => c.Execute("UPDATE answer_feedback SET comment = NULL WHERE comment IS NOT NULL AND at < @limit", new { limit }, t));
    }

    /// <summary>Erases the comments on one answer.</summary>
    /// <returns>How many comments were erased.</returns>
    public int EraseOf(string answerId) => database.Write((c, t) =>
    {
        c.Execute("PRAGMA secure_delete = ON");
        return c.Execute("UPDATE answer_feedback SET comment = NULL WHERE comment IS NOT NULL AND answer = @answerId", new { answerId }, t);
    });

    /// <summary>The feedback on one answer, or on all, oldest first.</summary>
    public IReadOnlyList<Feedback> List(string? answerId = null) => database.Read(c =>
        c.Query<Row>($"SELECT {Columns} FROM answer_feedback WHERE @answerId IS NULL OR answer = @answerId ORDER BY id", new { answerId }).Select(r => r.ToFeedback()).ToList());

    private static string? Pattern(string? reason) => reason is null ? null : $"% {reason} %";

    private static string[] Split(string reasons) => reasons.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed record Row(string Answer, string At, long Useful, string Reasons, string? Comment)
    {
        public Feedback ToFeedback() => new(Answer, DateTimeOffset.Parse(At, CultureInfo.InvariantCulture), Useful != 0, Split(Reasons), Comment);
    }
}
