using CoopAI.Core.Corpus;
using CoopAI.Core.Questions;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;

namespace CoopAI.Core.Briefs;

/// <summary>Looks up, for each question of a message, the case studies that may answer it and weighs their sentences.</summary>
/// <remarks>Only the questions are encoded: the embeddings of the sentences are kept with the case studies. Safe for concurrent use.</remarks>
public sealed class EvidenceReader(Retriever retriever, SearchCorpus corpus, BriefModel model)
{
    /// <summary>Case studies that each wording brings.</summary>
    private const int Brought = 60;

    // A question of a letter leans on what stands around it: chosen on the development questions, flat around these.
    private const double OwnWeight = 0.3;
    private const double SearchWeight = 0.2;
    private const double MessageWeight = 0.5;

    /// <param name="read">With at least one part.</param>
    /// <returns>One for each part, in order; none when no case study passes the filter.</returns>
    /// <exception cref="BadInputException">A wording is too long to be searched for.</exception>
    public async Task<IReadOnlyList<PartEvidence>> ReadAsync(ReadQuestion read, SearchFilter filter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(filter);
        var index = corpus.Current;
        // In a text or two every word is common: rarity is that of a collection.
        var statistics = index.Statistics with { CaseStudies = Math.Max(index.Statistics.CaseStudies, PartEvidence.ManyTexts) };
        return [.. (await WordingsAsync(retriever, index, read, filter, model, ct)).Select(w => PartEvidence.Of(w.Part, w.Wordings, w.Candidates, index.CaseStudies, statistics, model) with
        {
            // Of several searches the one that the configured store did not answer is the one to tell of.
            Store = w.Wordings.Select(x => x.Wording.Store).FirstOrDefault(s => s?.InsteadOf is not null) ?? w.Wordings[0].Wording.Store,
        })];
    }

    /// <summary>What each question is compared with, and the case studies that it is compared to.</summary>
    internal static async Task<IReadOnlyList<(QuestionPart Part, IReadOnlyList<(AskedWording Wording, double Weight)> Wordings, IReadOnlyList<IndexedCaseStudy> Candidates)>> WordingsAsync(
        Retriever retriever, CorpusIndex index, ReadQuestion read, SearchFilter filter, BriefModel model, CancellationToken ct)
    {
        var isLetter = read.Parts.Count > 1 || read.Parts.Any(p => p.Context.Length > 0) || read.Asides.Any(a => a.Kind == AsideKind.Background);
        List<(string Text, IReadOnlyCollection<string> LeftOut)> texts = isLetter ? [(MessageOf(read), [])] : [];
        foreach (var part in read.Parts)
        {
            texts.Add((part.Own, part.AskingWords));
            if (isLetter && part.Context.Length > 0) texts.Add((part.Search, part.AskingWords));
        }

        // Side by side: a letter with five questions has some ten wordings, and each is encoded and searched for on a thread of its own.
        var said = texts.Count == 1 ? [await WordingAsync(texts[0].Text, texts[0].LeftOut)] : await Task.WhenAll(texts.Select(t => Task.Run(() => WordingAsync(t.Text, t.LeftOut), ct)));
        var next = 0;
        var message = isLetter ? said[next++] : null;
        var result = new List<(QuestionPart, IReadOnlyList<(AskedWording, double)>, IReadOnlyList<IndexedCaseStudy>)>();
        foreach (var part in read.Parts)
        {
            var own = said[next++];
            List<(AskedWording Wording, double Weight)> wordings = [(own, message is null ? 1 : part.Context.Length > 0 ? OwnWeight : OwnWeight + SearchWeight)];
            if (message is not null && part.Context.Length > 0) wordings.Add((said[next++], SearchWeight));
            if (message is not null) wordings.Add((message, MessageWeight));
            var candidates = wordings.SelectMany(w => w.Wording.Scores.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(index.Find).Where(s => s is not null).Select(s => s!).ToList();
            if (candidates.Count > 0) result.Add((part, wordings, candidates));
        }

        return result;

        async Task<AskedWording> WordingAsync(string text, IReadOnlyCollection<string> leftOut)
        {
            var (embedding, scores, store) = await retriever.ScoreAsync(text, filter, Brought, ct);
            return new AskedWording(text, embedding, scores, leftOut, retriever.EncoderId == model.Encoder) { Store = store };
        }
    }

    /// <summary>What was found for one question, as a search: the case studies that the plan quotes, with the passages that hold its sentences; the next ones came near.</summary>
    public static SearchResult ToSearch(PartPlan plan, BriefModel model, int nearMisses)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(model);
        var best = plan.Evidence.Studies.Count == 0 ? 0 : plan.Evidence.Studies[0].Fit;
        double Score(StudyEvidence s) => plan.Chance * Math.Min(1, Math.Exp(s.Fit - best));
        var quoted = plan.Studies.Select(s => s.Study.CaseStudy.Slug).ToHashSet(StringComparer.Ordinal);
        return new SearchResult(
            plan.Evidence.Part.Search,
            [.. plan.Studies.Select(s => new SearchHit(s.Study.CaseStudy, Score(s.Study), PassagesOf(s.Study, s.Sentences)))],
            [.. plan.Evidence.Studies.Where(s => !quoted.Contains(s.CaseStudy.Slug)).Take(nearMisses).Select(s => new SearchHit(s.CaseStudy, Score(s), PassagesOf(s, [.. s.Sentences.OrderByDescending(x => x.Answer).ThenBy(x => x.Index).Take(1)])))],
            SearchFacets.None, QuestionCoverage.None, model.MayHelpFrom)
        { Store = plan.Evidence.Store };
    }

    // Each sentence by the first passage that holds it whole.
    private static IReadOnlyList<PassageHit> PassagesOf(StudyEvidence study, IReadOnlyList<SentenceEvidence> sentences) =>
    [
        .. sentences.Select(s => (Sentence: s, Passage: study.Source.Passages.FirstOrDefault(p => s.Span.Start >= p.Start && s.Span.End <= p.Start + p.Text.Length)))
            .Where(p => p.Passage is not null).GroupBy(p => p.Passage!.Id, StringComparer.Ordinal)
            .Select(g => new PassageHit(g.First().Passage!, g.Max(p => p.Sentence.Belongs), g.MaxBy(p => p.Sentence.Answer).Sentence.Span)),
    ];

    private static string MessageOf(ReadQuestion read)
    {
        var text = string.Join(' ', read.Asides.Where(a => a.Kind == AsideKind.Background).Select(a => a.Text).Concat(read.Parts.Select(p => p.Asked)));
        return text.Length <= RetrievalOptions.MaxQuestionLength ? text : text[..RetrievalOptions.MaxQuestionLength];
    }
}
