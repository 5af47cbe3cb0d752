using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Briefs;

/// <summary>One wording of a question: as it was asked, with what it leans on, or the whole message.</summary>
/// <param name="Embedding">L2-normalised, by the encoder of the index.</param>
/// <param name="Scores">The retriever's score of each candidate, in (0, 1), by slug.</param>
/// <param name="LeftOut">Words that only ask ("many" in "how many").</param>
/// <param name="Shipped">Whether the encoder is the one that the vectors of <see cref="SubjectGlossary"/> were made with.</param>
internal sealed record AskedWording(string Text, ReadOnlyMemory<float> Embedding, IReadOnlyDictionary<string, double> Scores, IReadOnlyCollection<string> LeftOut, bool Shipped)
{
    /// <summary>Who brought the case studies.</summary>
    public StoreUse? Store { get; init; }

    private readonly double _least = Scores.Count == 0 ? 0 : Scores.Values.Min();
    private (float[] Shares, double Nearness)? _subjects;
    private LexicalStatistics? _weighedBy;

    /// <summary>For vectors of 8 bits a number.</summary>
    public QuantizedQuery Quantized { get; } = new(Embedding.Span);

    /// <summary>The content words, each once, by stem.</summary>
    public IReadOnlyList<string> Stems => field ??= [.. SearchWords.Split(Text).Where(w => !LeftOut.Contains(w)).Select(PorterStemmer.Stem).Distinct(StringComparer.Ordinal)];

    /// <summary>What it is about: see <see cref="SubjectGlossary.Of"/>.</summary>
    public (float[] Shares, double Nearness) SubjectsIn(LexicalStatistics statistics)
    {
        if (_subjects is null || !ReferenceEquals(_weighedBy, statistics)) (_subjects, _weighedBy) = (SubjectGlossary.Shipped.Of(Stems, Shipped ? Quantized : null, statistics), statistics);
        return _subjects.Value;
    }

    /// <summary>The retriever's score; a case study that it did not bring is no better than the last that it did.</summary>
    public double Score(string slug) => Scores.GetValueOrDefault(slug, _least);
}

/// <summary>What is compared of a question and a case study: few numbers, each with a plain meaning.</summary>
internal static class StudySignals
{
    private const double LeastScore = 1e-4;

    /// <summary>
    /// search: log-odds of the retriever's score; whole: cosine with the nearest passage; sentence: with the nearest sentence; mean: mean over
    /// all sentences; title: with title and topics; words: share of the question's words, by rarity, in the case study; label: in title and
    /// topics; line: in the sentence that holds most of them; short: one sentence is all there is; subject: how surely it speaks of what the
    /// question is about, though neither may name it.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["search", "whole", "sentence", "mean", "title", "words", "label", "line", "short", "subject"];

    private static readonly ConditionalWeakTable<IndexedCaseStudy, StudyWords> WordsOf = [];

    public static StudyWords Words(IndexedCaseStudy study) => WordsOf.GetValue(study, s => new StudyWords(s));

    /// <summary>One value for each of <see cref="Names"/>.</summary>
    public static double[] Of(AskedWording asked, IndexedCaseStudy study, LexicalStatistics statistics)
    {
        var words = Words(study);
        var question = asked.Embedding.Span;
        var same = study.TitleEmbedding.Length == question.Length;
        double whole = 0, sentence = 0, mean = 0, title = 0;
        if (same)
        {
            foreach (var passage in study.PassageEmbeddings) whole = Math.Max(whole, TensorPrimitives.Dot(passage.Span, question));
            for (var i = 0; i < study.Sentences.Count; i++)
            {
                var cosine = Cosine(asked, study, i);
                sentence = Math.Max(sentence, cosine);
                mean += cosine / study.Sentences.Count;
            }

            title = TensorPrimitives.Dot(study.TitleEmbedding.Span, question);
            if (study.CaseStudy.Topics.Count > 0) title = (title + TensorPrimitives.Dot(study.TopicsEmbedding.Span, question)) / 2;
        }

        var score = Math.Clamp(asked.Score(study.CaseStudy.Slug), LeastScore, 1 - LeastScore);
        return
        [
            Math.Log(score / (1 - score)), whole, sentence, mean, title, Share(asked, words.All, statistics), Share(asked, words.Label, statistics),
            words.Sentences.Count == 0 ? 0 : words.Sentences.Max(s => Share(asked, s, statistics)), study.Sentences.Count <= 1 ? 1 : 0,
            TensorPrimitives.Dot<float>(asked.SubjectsIn(statistics).Shares, words.Subjects),
        ];
    }

    public static double Cosine(AskedWording asked, IndexedCaseStudy study, int sentence) =>
        study.SentenceEmbeddings.Dimension == asked.Embedding.Length ? study.SentenceEmbeddings.Dot(sentence, asked.Quantized) : 0;

    /// <summary>Share of the question's words that are among these stems, weighted by rarity, in [0, 1].</summary>
    public static double Share(AskedWording asked, HashSet<string> stems, LexicalStatistics statistics)
    {
        double found = 0, all = 0;
        foreach (var stem in asked.Stems)
        {
            var idf = statistics.Idf(stem);
            all += idf;
            if (stems.Contains(stem)) found += idf;
        }

        return all > 0 ? found / all : 0;
    }
}

/// <summary>The stems of a case study's content words.</summary>
internal sealed class StudyWords
{
    public StudyWords(IndexedCaseStudy study)
    {
        var caseStudy = study.CaseStudy;
        Label = Stems($"{caseStudy.Title}\n{string.Join('\n', caseStudy.Topics)}");
        Sentences = [.. study.Sentences.Select(s => Stems(s.In(caseStudy.Text)))];
        All = [.. Label, .. Sentences.SelectMany(s => s)];
    }

    /// <summary>Of title and topics.</summary>
    public HashSet<string> Label { get; }

    public IReadOnlyList<HashSet<string>> Sentences { get; }

    public HashSet<string> All { get; }

    /// <summary>See <see cref="SubjectGlossary.In"/>.</summary>
    public float[] Subjects => field ??= SubjectGlossary.Shipped.In(this);

    private static HashSet<string> Stems(string text) => SearchWords.Split(text).Select(PorterStemmer.Stem).ToHashSet(StringComparer.Ordinal);
}
