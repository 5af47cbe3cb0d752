using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Questions;
using CoopAI.Core.Retrieval;

namespace CoopAI.Orchestration.Asking;

/// <summary>How a part ends: from what was found, what stands of the draft, and what of the question is in none of it.</summary>
internal static class PartOutcome
{
    /// <summary>After the answer rules.</summary>
    public static void Decide(AskPart part, GuidanceOutcome said, AnsweringOptions options)
    {
        if (said.BlockedBy.Count > 0)
        {
            part.Decide(said.LacksEvidence ? Outcome.NotFound : Outcome.Held, said.Reply ?? NotFoundText(part.Search!));
            return;
        }

        var (missing, partly) = NotCovered(part.Search!, part.Reading, options);
        part.NotCovered.AddRange(missing);
        part.Decide(partly ? Outcome.PartlyAnswered : Outcome.Answered, Summary(part, partly));
    }

    /// <summary>After a search that found nothing to use.</summary>
    public static void NotFound(AskPart part) => part.Decide(Outcome.NotFound, NotFoundText(part.Search!));

    private static (IReadOnlyList<string> Words, bool Partly) NotCovered(SearchResult search, QuestionPart? reading, AnsweringOptions options)
    {
        var phrases = search.Coverage.Phrases.Where(p => p.FoundIn.Count == 0).Select(p => p.Phrase).ToList();
        // Search reads some phrases as one word of its own; an officer is told only words that stand in the question.
        var words = search.Coverage.Words.Where(w => w.Nearest < options.CoveredFrom && search.Query.Contains(w.Word, StringComparison.OrdinalIgnoreCase) && !phrases.Exists(p => p.Contains(w.Word, StringComparison.OrdinalIgnoreCase))).Select(w => w.Word)
            .Where(w => reading?.AskingWords.Contains(w, StringComparer.Ordinal) != true);
        return ([.. phrases.Concat(words)], phrases.Count > 0 || search.Coverage.Share < options.AnsweredFrom);
    }

    private static string NotFoundText(SearchResult search) => search.NearMisses.Count + search.Hits.Count == 0
        ? "No case study speaks to this. Ask in other words, or ask the Network or a peer council."
        : "No case study speaks to this question. The nearest titles are listed; they may not help. Ask in other words, or ask the Network or a peer council.";

    private static string Summary(AskPart part, bool partly)
    {
        var count = part.Said.SelectMany(s => s.Citations).Select(c => c.Slug).Distinct(StringComparer.Ordinal).Count();
        var found = count == 1 ? "One case study speaks to this." : FormattableString.Invariant($"{count} case studies speak to this.");
        return partly ? $"{found} Part of the question is in none of them." : found;
    }
}
