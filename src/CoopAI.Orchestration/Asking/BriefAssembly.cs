using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Guidance;
using CoopAI.Core.Language;
using CoopAI.Core.Questions;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Verdicts;

namespace CoopAI.Orchestration.Asking;

/// <summary>Puts the finished parts of a run together as one answer.</summary>
/// <param name="composer">Names the composer where no part came as far as a draft.</param>
internal sealed class BriefAssembly(AskRun run, Composer composer, string guidanceVersion, AnsweringOptions options)
{
    /// <summary>The fixed line that closes every brief.</summary>
    public const string OwnAccounts = "Case studies tell what councils say of their own work; those that ship with this service are summaries of the councils' pages. Nobody has checked them independently. Ask the council before you rely on one.";

    /// <summary>Said when the configured store was away and the search was done without it.</summary>
    public const string StoreAway = "The passage store was away, so the case studies were searched in this service's own memory. The result is as complete as the service's own records.";

    private readonly Composer _composer = run.Parts.Select(p => p.Composer).FirstOrDefault(c => c is not null) ?? composer;

    /// <summary>What the officer must be told about how the answer came about.</summary>
    public static Notice NoticeOf(AskRun run, Composer composer, string guidanceVersion, AnsweringOptions options)
    {
        var how = composer == ExtractiveComposer.Composer
            ? "This brief was put together with AI: a program chose sentences of the case studies, most of them summaries of the councils' pages, and repeats them unchanged."
            : "This brief was written with AI, by a language model. Every sentence was checked against the passages it cites.";
        return new Notice(
            $"{how} It may leave things out. Check the case studies before you rely on it.", composer.Model, guidanceVersion, run.At,
            $"/answers/{run.Id}#challenge", run.Host?.AccountableRole ?? options.AccountableRole, run.Host?.Contact ?? options.Contact);
    }

    /// <summary>The answer before its record is checked.</summary>
    public Answer ToAnswer(ITagBook tags)
    {
        var outcome = run.EndedAs ?? Together(run.Parts);
        var summary = run.Ended ? run.EndedBecause : string.Join(' ', run.Parts.Select(p => p.Summary).Distinct(StringComparer.Ordinal));
        List<AskPart> shown = run.Ended ? [] : [.. run.Parts.Where(p => p.Shown)];
        Source[] precedents = [.. shown.SelectMany(p => p.Sources.Take(options.Precedents)).DistinctBy(s => s.CaseStudy.Slug)];
        var tagsOf = tags.TagsOf([.. precedents.Select(p => p.CaseStudy)]);
        var quoted = shown.SelectMany(p => p.Said).Where(s => s.Kind == SentenceKind.Answer).Select(s => s.Text).ToHashSet(StringComparer.Ordinal);
        var notShown = shown.SelectMany(p => p.TagsNotShown).ToHashSet(StringComparer.Ordinal);
        return new Answer
        {
            Id = run.Id,
            At = run.At,
            Question = run.ForgetsQuestion ? null : run.Question.Text,
            Filter = run.Question.Filter,
            AskerCouncil = run.Question.AskerCouncil,
            Previous = run.Question.Previous,
            Understood = run.ForgetsQuestion || run.Read is null ? null : Understood.Of(run.Read, run.Question.Without, ReadingLists.Shipped.Version),
            Parts = run.Ended || run.ForgetsQuestion ? [] : [.. run.Parts.Select(p => new AnswerPart(
                p.Reading?.Asked ?? p.Question.Text, p.Outcome ?? Outcome.Failed, p.Missing, p.Shown ? [.. p.Said.Select(s => s with { Checks = [] })] : []))],
            Lead = shown.Where(p => p.Lead is not null).Select(p => run.Parts.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{p.Number + 1}. {p.Lead!.Text}") : p.Lead!.Text).ToList() is { Count: > 0 } leads ? string.Join('\n', leads) : null,
            Outcome = outcome,
            Summary = summary,
            Sentences = shown.Count > 0 ? SentencesOf(shown) : [AnswerSentence.Service(summary)],
            Tags = [.. shown.SelectMany(p => p.Tags).DistinctBy(t => t.Id).Take(AnswerTag.Most)],
            Precedents = [.. precedents.Select(p => PrecedentOf(p, Standing(tagsOf[p.CaseStudy.Slug], p.CaseStudy.Slug, notShown), quoted))],
            Withheld = [.. run.Parts.SelectMany(p => p.Withheld)],
            NotCovered = [.. run.Parts.SelectMany(p => p.NotCovered).Distinct(StringComparer.Ordinal)],
            Nearest = outcome == Outcome.NotFound ? [.. run.Parts.SelectMany(Nearest).DistinctBy(s => s.Slug).Take(3)] : [],
            Sources = [.. run.Parts.SelectMany(Considered).GroupBy(s => s.Slug, StringComparer.Ordinal).Select(g => g.FirstOrDefault(s => s.Used) ?? g.First())],
            Notice = NoticeOf(run, _composer, guidanceVersion, options),
            Composer = _composer.Name,
            Rules = run.Rules,
            Store = string.Join("; ", run.Parts.Select(p => p.Search?.Store?.ToString()).OfType<string>().Distinct(StringComparer.Ordinal)) is { Length: > 0 } stores ? stores : null,
            Milliseconds = run.Milliseconds,
        };
    }

    // Whoever asks two things and gets an answer to one has got a part.
    private static Outcome Together(IReadOnlyList<AskPart> parts)
    {
        var outcomes = parts.Select(p => p.Outcome ?? Outcome.Failed).Distinct().ToList();
        return outcomes.Count == 1 ? outcomes[0] : parts.Any(p => p.Shown) ? Outcome.PartlyAnswered : outcomes.Contains(Outcome.Held) ? Outcome.Held : outcomes[0];
    }

    private List<AnswerSentence> SentencesOf(List<AskPart> shown) =>
    [
        .. shown.SelectMany(p => (IEnumerable<AnswerSentence>)[
            // Of several questions each is told which one is answered.
            .. run.Parts.Count > 1 ? [AnswerSentence.Service($"{p.Reading?.Asked ?? p.Question.Text}:")] : Array.Empty<AnswerSentence>(),
            .. p.Lead is null ? [] : new[] { p.Lead },
            .. p.Said]),
        .. shown.Select(p => p.FallbackReason).OfType<string>().Distinct(StringComparer.Ordinal).Select(r => AnswerSentence.Service(r)),
        .. shown.SelectMany(p => p.ServiceLines).Distinct().Select(l => AnswerSentence.Service(l.Text, l.Rule)),
        .. shown.Any(p => p.Search?.Store?.InsteadOf is not null) ? [AnswerSentence.Service(StoreAway)] : Array.Empty<AnswerSentence>(),
        AnswerSentence.Service(OwnAccounts, "VG05"),
    ];

    private static Precedent PrecedentOf(Source source, PrincipleTags tags, HashSet<string> quoted)
    {
        var c = source.CaseStudy;
        var card = EvidenceCards.Of(c);
        return new Precedent(
            c.Slug, c.Title, c.Url, c.LeadMember, c.Year, Math.Round(source.Score, 6),
            [.. source.Passages.Where(p => p.BestSentence is not null).Select(p => Citation.Of(p.Passage, p.BestSentence!.Value.In(c.Text))).DistinctBy(m => m.Start)],
            tags, card, c.TextBasis, DoneIn(source, card, quoted));
    }

    // What the brief quotes and the card does not tell under another heading; a text may be all outcome.
    private static string? DoneIn(Source source, EvidenceCard card, HashSet<string> quoted)
    {
        var told = card.Outcome.Select(o => o.Quote).Concat(card.Cost.Select(o => o.Quote)).Concat(card.Lesson.Select(l => l.Quote)).ToHashSet(StringComparer.Ordinal);
        var sentences = source.Passages.SelectMany(p => Sentences.Split(p.Passage.Text).Select(s => s.In(p.Passage.Text)))
            .Where(s => !told.Contains(s) && !ReferenceWords.Opens(s) && !ReferenceWords.OpensOnTheStateBefore(s) && !SaysOnlyWhatItIs(s)).ToList();
        return sentences.Find(quoted.Contains) ?? (sentences.Count > 0 ? sentences[0] : null);

        static bool SaysOnlyWhatItIs(string sentence) => sentence.StartsWith("Posted on ", StringComparison.Ordinal) || sentence.StartsWith("Published ", StringComparison.Ordinal) || sentence.StartsWith("A case study ", StringComparison.Ordinal);
    }

    // By the keys of the rule's tags.
    private static PrincipleTags Standing(PrincipleTags tags, string slug, HashSet<string> notShown)
    {
        return notShown.Count == 0 ? tags : new(tags.Published is null ? null : Kept(tags.Published, "declared"), Kept(tags.Suggested, "inferred"), Kept(tags.Decided, "decided"));

        IReadOnlyList<string> Kept(IReadOnlyList<string> ids, string basis) => [.. ids.Where(id => !notShown.Contains(new RuleTag(id, basis, null, null, slug).Key))];
    }

    private static IEnumerable<ConsideredSource> Nearest(AskPart part) => part.Search is not { } search ? [] :
        search.Hits.Concat(search.NearMisses).Select(h => Considered(h, false, "Near, but not enough to answer from."));

    private static IEnumerable<ConsideredSource> Considered(AskPart part)
    {
        if (part.Search is not { } search) yield break;
        var used = part.Said.SelectMany(s => s.Citations).Select(c => c.Slug).ToHashSet(StringComparer.Ordinal);
        foreach (var hit in search.Hits)
        {
            var isUsed = used.Contains(hit.CaseStudy.Slug);
            var held = hit.Passages.All(p => part.Quarantined.Contains(p.Passage.Id));
            yield return Considered(hit, isUsed, isUsed ? "Quoted in the brief."
                : held ? "A rule kept all of its passages from being used."
                : "Relevant, but others fit the question better.");
        }

        foreach (var miss in search.NearMisses)
        {
            yield return Considered(miss, false, miss.Score >= search.Floor
                ? "Near, but others fit the question better."
                : string.Create(CultureInfo.InvariantCulture, $"Its score lies below {search.Floor:0.00}, the least that counts as evidence."));
        }
    }

    private static ConsideredSource Considered(SearchHit hit, bool used, string why) =>
        new(hit.CaseStudy.Slug, hit.CaseStudy.Title, hit.CaseStudy.LeadMember, hit.CaseStudy.Year, Math.Round(hit.Score, 6), used, why);
}
