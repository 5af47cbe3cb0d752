using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CoopAI.Core.Briefs;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Orchestration.Reviewing;

/// <summary>An answer with a known error among those that members review.</summary>
/// <param name="Id">As of an answer, but no officer can open it.</param>
/// <param name="Of">The real answer that it shows, with one figure changed.</param>
/// <param name="Week">ISO week whose sample it was put into.</param>
/// <param name="Sentence">0-based place of the changed sentence among those that were said.</param>
/// <param name="Start">Where in that sentence the changed figure begins, in UTF-16 units.</param>
/// <param name="Figure">The figure that stands there instead.</param>
public sealed record PlantedError(long Entry, string Id, string Of, string Week, int Sentence, int Start, string Figure);

/// <summary>How well reviews find known errors.</summary>
/// <param name="Reviewed">Planted answers that somebody reviewed.</param>
/// <param name="Found">Those with which somebody disagreed.</param>
public sealed record ReviewMeasure(int Planted, int Reviewed, int Found);

/// <summary>Known errors in what members review, so that the review itself is measured. Only while an administrator allows it.</summary>
/// <remarks>
/// A planted answer is a real one of which one figure is changed. Nothing of it is stored but which answer, which sentence and which figure: when the
/// question is erased, the planted answer goes with it. It is an entry of a kind of its own, so it is never an answer, no officer's page or
/// interface shows it, and no figure about answers counts it.
/// </remarks>
public sealed class PlantedErrors(ILedger ledger, ILedgerReader entries, SettingsBook settings, AnswerIds newId, FindAnswer find)
{
    public const string Setting = "planted-errors";

    /// <summary>Answers looked at for one whose figure can be changed.</summary>
    private const int MostTried = 50;

    /// <summary>Whether an administrator allows it. At first nobody has.</summary>
    public bool Allowed => (string?)settings.Get(Setting) == "on";

    /// <exception cref="Core.BadInputException">It is so already, or author or reason is missing.</exception>
    public void Allow(bool allowed, string author, string reason) => settings.Change(Setting, allowed ? "on" : "off", author, reason);

    /// <summary>Puts one planted answer beside a sample, if that is allowed and an answer outside the sample has a figure that can be changed.</summary>
    /// <returns>Null: none was planted.</returns>
    public PlantedError? Plant(ReviewSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (!Allowed || Of(sample.Week) is not null) return null;
        var (from, to) = ReviewSample.RangeOf(sample.Week);
        // The real answer must not stand beside it; one of the same week first, so that nothing gives it away.
        var known = sample.Answers.Concat(All().Select(p => p.Of)).ToHashSet(StringComparer.Ordinal);
        var candidates = Drawn(entries.AnswersBetween(from, to)).Concat(Drawn(entries.AnswerIds())).Where(id => !known.Contains(id)).Distinct(StringComparer.Ordinal).Take(MostTried);
        foreach (var id in candidates)
        {
            if (find(id) is not { Question: not null, Outcome: Outcome.Answered or Outcome.PartlyAnswered } answer || FigureIn(answer) is not var (sentence, start, figure)) continue;
            var planted = newId();
            ledger.Append(new LedgerDraft(LedgerKind.PlantedError, "service", planted, new() { ["answer"] = id, ["week"] = sample.Week, ["sentence"] = sentence, ["start"] = start, ["figure"] = figure }));
            return Find(planted);
        }

        return null;

        IEnumerable<string> Drawn(IEnumerable<string> ids) => ids.OrderBy(id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"planted|{sample.Week}|{sample.Seed}|{id}"))), StringComparer.Ordinal);
    }

    /// <summary>Every planted answer, oldest first.</summary>
    public IReadOnlyList<PlantedError> All() => [.. entries.All(LedgerKind.PlantedError).Select(e => Read(e.Entry))];

    /// <summary>The one that was put into a week's sample; null: none.</summary>
    public PlantedError? Of(string week) => All().FirstOrDefault(p => p.Week == week);

    /// <summary>The planted answer of this id; null: there is none.</summary>
    public PlantedError? Find(string id) => entries.List(LedgerKind.PlantedError, id, take: 1) is [var entry] ? Read(entry.Entry) : null;

    /// <summary>What members see of it; null: its question or sentence was erased.</summary>
    public Answer? Show(PlantedError planted)
    {
        ArgumentNullException.ThrowIfNull(planted);
        if (find(planted.Of) is not { Question: not null } answer || planted.Sentence >= answer.Sentences.Count || answer.Sentences[planted.Sentence].Text is not { } text || planted.Start + planted.Figure.Length > text.Length) return null;
        var changed = string.Concat(text.AsSpan(0, planted.Start), planted.Figure, text.AsSpan(planted.Start + planted.Figure.Length));
        return answer with { Id = planted.Id, Sentences = [.. answer.Sentences.Select((s, i) => i == planted.Sentence ? s with { Text = changed } : s)] };
    }

    /// <summary>The figure as the real answer has it; null: erased.</summary>
    public string? RealFigure(PlantedError planted)
    {
        ArgumentNullException.ThrowIfNull(planted);
        return Show(planted) is null ? null : find(planted.Of)!.Sentences[planted.Sentence].Text.Substring(planted.Start, planted.Figure.Length);
    }

    /// <summary>How many members found, among those planted from one moment up to another.</summary>
    public ReviewMeasure Measure(DateTimeOffset from, DateTimeOffset to)
    {
        var planted = entries.All(LedgerKind.PlantedError).Where(e => e.Entry.At >= from && e.Entry.At < to).Select(e => e.Entry.Subject!).ToList();
        var reviews = planted.Select(id => Review.Read(entries.All(LedgerKind.Review, id).Select(e => (e.Entry, e.Texts))).Where(r => r.Counts).ToList()).ToList();
        return new(planted.Count, reviews.Count(r => r.Count > 0), reviews.Count(r => r.Exists(x => x.Verdict == ReviewVerdict.Disagree)));
    }

    // A run of two to six digits in a sentence from a source, its first digit changed: as long as before, and surely another figure. Years are left: nobody would miss them.
    private static (int Sentence, int Start, string Figure)? FigureIn(Answer answer)
    {
        for (var i = 0; i < answer.Sentences.Count; i++)
        {
            if (answer.Sentences[i] is not { Kind: SentenceKind.Answer, Text: { } text, Citations.Count: > 0 }) continue;
            for (var start = 0; start < text.Length; start++)
            {
                if (!char.IsAsciiDigit(text[start])) continue;
                var end = start;
                while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
                var figure = text[start..end];
                var isYear = figure.Length == 4 && int.Parse(figure, CultureInfo.InvariantCulture) is >= 1800 and < 2100;
                if (figure.Length is >= 2 and <= 6 && !isYear && figure[0] != '0') return (i, start, (char)('1' + ((figure[0] - '1' + 3) % 9)) + figure[1..]);
                start = end;
            }
        }

        return null;
    }

    private static PlantedError Read(LedgerEntry e) => new(
        e.Index, e.Subject!, e.Payload.GetProperty("answer").GetString()!, e.Payload.GetProperty("week").GetString()!,
        e.Payload.GetProperty("sentence").GetInt32(), e.Payload.GetProperty("start").GetInt32(), e.Payload.GetProperty("figure").GetString()!);
}
