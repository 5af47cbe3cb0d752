using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Plugins;

/// <summary>Tags an answer with the principles that its cited sentences evidence.</summary>
internal static class PrinciplesPlugin
{
    public static KernelPlugin Create(ITagBook tags, SearchCorpus corpus) => KernelPluginFactory.CreateFromFunctions(
        Step.Tag.Plugin, "The ten co-operative principles.",
        [
            KernelFunctionFactory.CreateFromMethod(
                (IReadOnlyList<AnswerSentence> sentences) => TagsOf(sentences, tags, corpus), Step.Tag.Function,
                "Finds the principles that cited sentences evidence, each with its sentence."),
        ]);

    // A sentence evidences a principle when it is one of those that the tagger, or staff, gave the principle for.
    private static IReadOnlyList<AnswerTag> TagsOf(IReadOnlyList<AnswerSentence> sentences, ITagBook book, SearchCorpus corpus)
    {
        var citations = sentences.SelectMany(s => s.Citations).DistinctBy(c => (c.Slug, c.Start, c.End)).ToList();
        var cited = citations.Select(c => c.Slug).Distinct(StringComparer.Ordinal).Select(corpus.Current.Find).OfType<IndexedCaseStudy>().Select(c => c.CaseStudy).ToList();
        if (cited.Count == 0) return [];
        var found = book.EvidenceOf(cited).Where(t => !t.Rejected)
            .SelectMany(t => t.Sentences.Select(s => (Tag: t, Sentence: s, Citation: citations.Find(c => c.Slug == t.Slug && Holds(c.Quote, s)))))
            .Where(t => t.Citation is not null)
            .Select(t => new AnswerTag(t.Tag.Id, t.Sentence, t.Tag.Slug, t.Citation!.Passage, t.Tag.Basis))
            .ToList();
        return
        [
            .. found.GroupBy(t => t.Id, StringComparer.Ordinal)
                .OrderByDescending(g => g.Select(t => t.Sentence).Distinct(StringComparer.Ordinal).Count()).ThenBy(g => Place(g.Key))
                .Select(g => g.MinBy(t => citations.FindIndex(c => c.Passage == t.Passage))!)
                .Take(AnswerTag.Most),
        ];
    }

    private static bool Holds(string quote, string sentence) => quote.Contains(sentence, StringComparison.Ordinal) || (quote.Length >= 40 && sentence.Contains(quote, StringComparison.Ordinal));

    private static int Place(string id) => PrincipleIds.All.Index().First(p => p.Item == id).Index;
}
