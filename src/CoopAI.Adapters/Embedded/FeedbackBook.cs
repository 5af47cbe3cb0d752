using System.Globalization;
using CoopAI.Core;
using Dapper;

namespace CoopAI.Adapters.Embedded;

/// <summary>What an officer said of an answer.</summary>
/// <param name="Reasons">Ids from <see cref="FeedbackBook.Reasons"/>, in that order.</param>
/// <param name="Comment">Null: none.</param>
public sealed record Feedback(string AnswerId, DateTimeOffset At, bool Useful, IReadOnlyList<string> Reasons, string? Comment);

/// <summary>Whether answers were of use, and why. Kept beside the ledger, not in it: it judges the service, it is no record of what the service did, and it can be deleted.</summary>
public sealed class FeedbackBook(CoopDatabase database, TimeProvider clock)
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
    /// <exception cref="BadInputException">A reason is not one of <see cref="Reasons"/>, or the comment is too long.</exception>
    public void Add(string answerId, bool useful, IReadOnlyCollection<string> reasons, string? comment)
    {
        ArgumentException.ThrowIfNullOrEmpty(answerId);
        ArgumentNullException.ThrowIfNull(reasons);
        if (reasons.FirstOrDefault(r => !Reasons.ContainsKey(r)) is not null)
            throw new BadInputException($"Choose reasons from the list: {string.Join(", ", Reasons.Keys)}.");
        if (comment?.Length > MaxComment)
            throw new BadInputException($"The comment has {comment.Length.ToString("N0", CultureInfo.InvariantCulture)} characters; at most {MaxComment:N0} are kept. Shorten it.");
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

    /// <summary>The feedback on one answer, or on all, oldest first.</summary>
    public IReadOnlyList<Feedback> List(string? answerId = null) => database.Read(c =>
        c.Query<(string Answer, string At, long Useful, string Reasons, string? Comment)>(
                "SELECT answer, at, useful, reasons, comment FROM answer_feedback WHERE @answerId IS NULL OR answer = @answerId ORDER BY id", new { answerId })
            .Select(r => new Feedback(
                r.Answer, DateTimeOffset.Parse(r.At, CultureInfo.InvariantCulture), r.Useful != 0,
                r.Reasons.Split(' ', StringSplitOptions.RemoveEmptyEntries), r.Comment)).ToList());
}
