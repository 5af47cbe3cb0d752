using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Monitoring;
using CoopAI.Core.Reviews;

namespace CoopAI.Orchestration.Reviewing;

/// <summary>Members' reviews: entries of the ledger, read back as reviews. There is no second copy that could say otherwise.</summary>
/// <param name="guidance">Refuses personal data in reasons and names; null: nothing is refused.</param>
public sealed class ReviewBook(ILedger ledger, ILedgerReader entries, TimeProvider clock, CoopMetrics? metrics = null, GuidanceInForce? guidance = null)
{
    private volatile KnownAgreement? _agreement;

    /// <summary>Records a review.</summary>
    /// <exception cref="BadInputException">There is no such answer, the answer has no result of that rule, or as for <see cref="ReviewDraft.ToEntry"/>.</exception>
    public Review Add(ReviewDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var entry = draft.ToEntry();
        guidance?.Current.RefusePersonalData("reason", draft.Reason);
        guidance?.Current.RefusePersonalData("name", draft.Member, isName: true);
        guidance?.Current.RefusePersonalData("target", draft.Target);
        var planted = entries.List(LedgerKind.PlantedError, draft.AnswerId, take: 1) is [var known] ? known.Entry : null;
        // A planted answer has the verdicts of the real one that it shows.
        var answer = entries.Answer(planted?.Payload.GetProperty("answer").GetString() ?? draft.AnswerId) ?? throw new BadInputException($"There is no answer {draft.AnswerId} to review.");
        if (draft.Rule is not null && !Results(answer.Record).Any(r => r.Rule == draft.Rule && (draft.Target is null || r.Target == draft.Target)))
        {
            throw new BadInputException(
                $"The answer {draft.AnswerId} has no result of {draft.Rule}{(draft.Target is null ? "" : $" on {draft.Target}")}. Its record shows which rules looked at what.");
        }
        var index = ledger.Append(entry).Index;
        if (planted is null) metrics?.RecordFeedback(draft.Verdict.ToString().ToLowerInvariant(), draft.Rule);
        return Of(draft.AnswerId).Single(r => r.Entry == index);
    }

    /// <summary>The reviews of one answer, oldest first, replaced ones included.</summary>
    public IReadOnlyList<Review> Of(string answerId) => Read(entries.All(LedgerKind.Review, answerId));

    /// <summary>All reviews of real answers, oldest first, replaced ones included: those of planted ones measure the review and nothing else.</summary>
    public IReadOnlyList<Review> All()
    {
        var planted = entries.All(LedgerKind.PlantedError).Select(e => e.Entry.Subject!).ToHashSet(StringComparer.Ordinal);
        return Read(planted.Count == 0 ? entries.All(LedgerKind.Review) : [.. entries.All(LedgerKind.Review).Where(e => !planted.Contains(e.Entry.Subject!))]);
    }

    /// <summary>Members' disagreements that count, newest first, each with the replies to it.</summary>
    /// <param name="answerId">Those about one answer; null: all.</param>
    public IReadOnlyList<Disagreement> Disagreements(string? answerId = null) => Disagreement.Of(
        answerId is null ? All() : Of(answerId), entries.All(LedgerKind.ReviewReply, answerId).Select(e => ReviewReply.Read(e.Entry, e.Texts)));

    /// <summary>Records a reply to a disagreement; it may deal with it, or open it again.</summary>
    /// <exception cref="BadInputException">There is no such disagreement, or as for <see cref="ReviewReplyDraft.ToEntry"/>.</exception>
    public Disagreement Reply(ReviewReplyDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var about = Disagreements().FirstOrDefault(d => d.Review.Entry == draft.Review)
            ?? throw new BadInputException($"There is no disagreement with the number {draft.Review}, or its member has judged again since.");
        var entry = draft.ToEntry(about.Review.AnswerId);
        guidance?.Current.RefusePersonalData("reply", draft.Reply);
        guidance?.Current.RefusePersonalData("name", draft.By, isName: true);
        guidance?.Current.RefusePersonalData("name", draft.Owner, isName: true);
        ledger.Append(entry);
        return Disagreements(about.Review.AnswerId).Single(d => d.Review.Entry == draft.Review);
    }

    /// <summary>How far members agree.</summary>
    public ReviewAgreement Agreement() => Agreement(All());

    /// <summary>How far members agree in reviews that were read already: all of them, as <see cref="All"/> gives them.</summary>
    public ReviewAgreement Agreement(IReadOnlyList<Review> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        // The intervals take a thousand draws for each rule, and reviews are few beside those who look: worked out once for the same reviews.
        var state = (all.Count, Last: all.Count > 0 ? all[^1].Entry : -1, Named: all.Count(r => r.Member is not null));
        if (_agreement is { } known && known.State == state) return known.Agreement;
        var agreement = ReviewAgreement.Of(all);
        _agreement = new(state, agreement);
        return agreement;
    }

    /// <summary>The sample of a week: the one drawn first stays, so that nobody can draw until the sample pleases.</summary>
    /// <param name="week">ISO week; null: the last whole week.</param>
    /// <param name="seed">Null: drawn at random and recorded.</param>
    /// <exception cref="BadInputException">Not an ISO week, a week that has not ended, or one without answers.</exception>
    public ReviewSample Sample(string? week = null, int size = ReviewSample.DefaultSize, string? seed = null)
    {
        var now = clock.GetUtcNow();
        week ??= ReviewSample.WeekOf(now.AddDays(-7));
        guidance?.Current.RefusePersonalData("seed", seed);
        var (from, to) = ReviewSample.RangeOf(week);
        if (entries.List(LedgerKind.ReviewSample, week, take: 1) is [var drawn]) return ReviewSample.Read(drawn.Entry);
        if (to > now)
            throw new BadInputException($"The week {week} ends on {to.AddDays(-1).ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}; its sample can be drawn from the day after.");
        var answers = entries.AnswersBetween(from, to);
        if (answers.Count == 0) throw new BadInputException($"No answer was given in the week {week}, so there is nothing to draw.");
        var sample = ReviewSample.Draw(week, seed ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), answers, size);
        return sample with { Entry = ledger.Append(sample.ToEntry()).Index };
    }

    /// <summary>Every recorded sample, oldest first.</summary>
    public IReadOnlyList<ReviewSample> Samples() => [.. entries.All(LedgerKind.ReviewSample).Select(e => ReviewSample.Read(e.Entry))];

    /// <summary>All reviews as a table.</summary>
    public string ExportCsv() => Csv.Write(
        ["entry", "at", "answer", "rule", "target", "verdict", "member", "reason", "counts"],
        All().Select(r => (IReadOnlyList<string?>)
        [
            r.Entry.ToString(CultureInfo.InvariantCulture), r.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), r.AnswerId, r.Rule, r.Target,
            r.Verdict.ToString().ToLowerInvariant(), r.Member, r.Reason, r.Counts ? "yes" : "no",
        ]));

    private sealed record KnownAgreement((int Count, long Last, int Named) State, ReviewAgreement Agreement);

    private static IReadOnlyList<Review> Read(IReadOnlyList<EntryWithTexts> entries) => Review.Read(entries.Select(e => (e.Entry, e.Texts)));

    private static IEnumerable<(string? Rule, string Target)> Results(JsonObject record) => (record["rules"] as JsonArray ?? []).OfType<JsonObject>()
        .Select(r => ((string?)r["rule"], r["target"] is JsonObject t ? $"{(string?)t["kind"]}{((string?)t["id"] is { Length: > 0 } id ? ":" + id : "")}" : ""));
}
