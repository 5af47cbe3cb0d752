using System.Text.Json.Nodes;
using CoopAI.Core.Ledger;

namespace CoopAI.Core.Reviews;

/// <summary>A reply to a disagreement as it is handed in.</summary>
/// <param name="Review">Place of the review that disagrees.</param>
/// <param name="Role">Role of whoever replies, such as staff.</param>
/// <param name="By">Name, 1 to 200 characters; kept beside the ledger, erasable.</param>
/// <param name="Reply">1 to 2,000 characters.</param>
/// <param name="DealtWith">True: nothing more is to be done. False: it is open, or open again.</param>
/// <param name="Owner">Who deals with it, up to 200 characters; null or empty: whoever replies.</param>
public sealed record ReviewReplyDraft(long Review, string Role, string By, string Reply, bool DealtWith, string? Owner = null)
{
    /// <summary>The draft of its entry.</summary>
    /// <exception cref="BadInputException">A member is missing or breaks its limit.</exception>
    internal LedgerDraft ToEntry(string answerId)
    {
        if (string.IsNullOrWhiteSpace(By) || By.Trim().Length > ReviewDraft.MaxName)
            throw new BadInputException($"A reply needs the name of whoever gives it, 1 to {ReviewDraft.MaxName} characters.");
        if (Owner?.Trim().Length > ReviewDraft.MaxName)
            throw new BadInputException($"The name of whoever deals with it may have up to {ReviewDraft.MaxName} characters.");
        if (string.IsNullOrWhiteSpace(Reply))
            throw new BadInputException("Write a reply: say what was done, or what will be done.");
        if (Reply.Length > ReviewDraft.MaxReason)
            throw new BadInputException($"The reply has {Reply.Length:N0} characters; at most {ReviewDraft.MaxReason:N0} are kept.");
        return new(LedgerKind.ReviewReply, Role, answerId, new() { ["review"] = Review, ["status"] = DealtWith ? ReviewReply.DealtWithWord : "open" })
        {
            Texts = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["by"] = By.Trim(),
                ["reply"] = Reply.Trim(),
                ["owner"] = string.IsNullOrWhiteSpace(Owner) ? By.Trim() : Owner.Trim(),
            },
        };
    }
}

/// <summary>A reply as it stands in the ledger.</summary>
/// <param name="Entry">Its place.</param>
/// <param name="Review">Place of the review that it answers.</param>
/// <param name="Role">Role of whoever replied.</param>
/// <param name="By">Name; null: erased. So are <paramref name="Text"/> and <paramref name="Owner"/>.</param>
public sealed record ReviewReply(long Entry, DateTimeOffset At, long Review, string Role, string? By, string? Text, string? Owner, bool DealtWith)
{
    internal const string DealtWithWord = "dealt-with";

    /// <param name="entry">Of the kind <see cref="LedgerKind.ReviewReply"/>.</param>
    /// <param name="texts">Kept beside it.</param>
    public static ReviewReply Read(LedgerEntry entry, IReadOnlyDictionary<string, string> texts)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(texts);
        return new(
            entry.Index, entry.At, entry.Payload.GetProperty("review").GetInt64(), entry.Actor, texts.GetValueOrDefault("by"),
            texts.GetValueOrDefault("reply"), texts.GetValueOrDefault("owner"), entry.Payload.GetProperty("status").GetString() == DealtWithWord);
    }
}

/// <summary>A member's disagreement, followed to its end.</summary>
/// <param name="Review">What the member said.</param>
/// <param name="Replies">Oldest first; the last says whether it is dealt with.</param>
public sealed record Disagreement(Review Review, IReadOnlyList<ReviewReply> Replies)
{
    /// <summary>Whether something is still to be done.</summary>
    public bool IsOpen => Replies is not [.., { DealtWith: true }];

    /// <summary>Who deals with it; null: nobody yet, or the name was erased.</summary>
    public string? Owner => Replies is [.., var last] ? last.Owner : null;

    /// <summary>The disagreements among reviews, newest first. One that its member replaced by a later review is none any more.</summary>
    public static IReadOnlyList<Disagreement> Of(IEnumerable<Review> reviews, IEnumerable<ReviewReply> replies)
    {
        ArgumentNullException.ThrowIfNull(reviews);
        var byReview = replies.ToLookup(r => r.Review);
        return [.. reviews.Where(r => r.Counts && r.Verdict == ReviewVerdict.Disagree).OrderByDescending(r => r.Entry).Select(r => new Disagreement(r, [.. byReview[r.Entry]]))];
    }
}

/// <summary>How often two or more members judged the same thing, and how often they all said the same.</summary>
/// <param name="Members">Members who judged something that another judged too.</param>
/// <param name="Things">What two or more of them judged: answers as a whole, or single verdicts.</param>
/// <param name="Agreed">Those of <paramref name="Things"/> on which they all said the same.</param>
public sealed record SharedReviews(int Members, int Things, int Agreed)
{
    /// <summary>Counts over the reviews that count and still have a name.</summary>
    /// <param name="ofAnswers">True: answers as a whole. False: single verdicts of rules.</param>
    public static SharedReviews Of(IEnumerable<Review> reviews, bool ofAnswers)
    {
        ArgumentNullException.ThrowIfNull(reviews);
        var shared = reviews.Where(r => r.Counts && r.Member is not null && r.Rule is null == ofAnswers)
            .GroupBy(r => (r.AnswerId, r.Rule, r.Target)).Where(g => g.Count() > 1).ToList();
        return new(
            shared.SelectMany(g => g.Select(r => r.Member!.ToUpperInvariant())).Distinct(StringComparer.Ordinal).Count(),
            shared.Count, shared.Count(g => g.Select(r => r.Verdict).Distinct().Count() == 1));
    }
}
