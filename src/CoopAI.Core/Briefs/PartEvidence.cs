using System.Numerics.Tensors;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Questions;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;

namespace CoopAI.Core.Briefs;

/// <summary>A sentence of a case study, seen from one question.</summary>
/// <param name="Index">Its place among the sentences of the case study, from 0.</param>
/// <param name="Cosine">With the question.</param>
/// <param name="Words">Share of the question's words that it holds, by rarity.</param>
/// <param name="Cue">Holds what the kind of question asks for (a sum, a date, …).</param>
public sealed record SentenceEvidence(int Index, TextSpan Span, string Text, double Cosine, double Words, bool Cue)
{
    /// <summary>study: how much better the best case study fits, never above 0; certain: log-odds that the question is answered; share: the case study's share of all; the others as in <see cref="AnswersNames"/>.</summary>
    internal static IReadOnlyList<string> BelongsNames { get; } = ["study", "certain", "share", "cosine", "behind", "words"];

    /// <summary>cosine: with the question; behind: how far that lies below the best sentence of the case study; words: share of the question's words; cue: holds what is asked for; first: opens the text; leans: begins with what another sentence names; brief: has fewer than eight words.</summary>
    internal static IReadOnlyList<string> AnswersNames { get; } = ["cosine", "behind", "words", "cue", "first", "leans", "brief"];

    /// <summary>Whether it begins with a word that points to another sentence.</summary>
    public bool Leans { get; } = ReferenceWords.Opens(Text);

    /// <summary>Order among the sentences of its case study; larger answers better.</summary>
    public double Answer { get; init; }

    /// <summary>Chance that it belongs into the brief.</summary>
    public double Belongs { get; init; }

    internal double[] AnswerSignals(double bestCosine) =>
        [Cosine, Cosine - bestCosine, Words, Cue ? 1 : 0, Index == 0 ? 1 : 0, Leans ? 1 : 0, Language.Words.Split(Text).Count() < 8 ? 1 : 0];

    internal double[] BelongSignals(StudyEvidence study, PartEvidence part) =>
        [study.Fit - part.Studies[0].Fit, part.LogOdds, study.Share, Cosine, Cosine - study.BestCosine, Words];
}

/// <summary>A case study, seen from one question.</summary>
/// <param name="Signals">One value for each of <see cref="StudySignals.Names"/>.</param>
/// <param name="Fit">Orders the case studies of one question.</param>
public sealed record StudyEvidence(IndexedCaseStudy Source, IReadOnlyList<double> Signals, double Fit)
{
    public CaseStudy CaseStudy => Source.CaseStudy;

    /// <summary>In reading order.</summary>
    public IReadOnlyList<SentenceEvidence> Sentences { get; init; } = [];

    /// <summary>Its part when all candidates share 1 by how well they fit.</summary>
    public double Share { get; init; }

    public double BestCosine => Sentences.Count == 0 ? 0 : Sentences.Max(s => s.Cosine);
}

/// <summary>One question of a message with the case studies that may answer it, best first.</summary>
public sealed record PartEvidence
{
    /// <summary>Case studies whose sentences are looked at.</summary>
    internal const int Read = 30;

    /// <summary>Of fewer case studies neither the rarity of a word nor the lack of a subject tells what it tells of a collection.</summary>
    internal const int ManyTexts = 100;

    /// <summary>How far a question that is answered is about what no case study names, on the development questions.</summary>
    private const double TypicalUnheld = 0.3;

    /// <summary>
    /// sentence, mean, words, label: as in <see cref="StudySignals.Names"/>, of the best case study; gap: how far it lies before the third; unknown: share
    /// of the question's words that no case study holds; length: logarithm of the number of its words; unheld: how far what it is about is a subject that
    /// no case study speaks of; named: how near it comes to one subject.
    /// </summary>
    public static IReadOnlyList<string> AnswerableNames { get; } = ["sentence", "mean", "words", "label", "gap", "unknown", "length", "subject", "unheld", "named"];

    public required QuestionPart Part { get; init; }

    public required IReadOnlyList<StudyEvidence> Studies { get; init; }

    /// <summary>The passage store that brought them.</summary>
    public StoreUse? Store { get; init; }

    /// <summary>One value for each of <see cref="AnswerableNames"/>.</summary>
    public required IReadOnlyList<double> Signals { get; init; }

    /// <summary>That the corpus answers the question.</summary>
    public double LogOdds { get; init; }

    /// <summary>Chance that the corpus answers the question.</summary>
    public double Chance => BriefModel.Chance(LogOdds);

    /// <param name="wordings">What to compare with, each with its weight; the weights add up to 1.</param>
    /// <param name="candidates">Every case study that may be quoted.</param>
    /// <param name="all">Every case study that is held.</param>
    internal static PartEvidence Of(
        QuestionPart part, IReadOnlyList<(AskedWording Wording, double Weight)> wordings, IReadOnlyList<IndexedCaseStudy> candidates, IReadOnlyList<IndexedCaseStudy> all,
        LexicalStatistics statistics, BriefModel model)
    {
        var studies = candidates.Select(c =>
            {
                var signals = new double[StudySignals.Names.Count];
                foreach (var (wording, weight) in wordings)
                {
                    var of = StudySignals.Of(wording, c, statistics);
                    for (var i = 0; i < signals.Length; i++) signals[i] += weight * of[i];
                }

                return new StudyEvidence(c, signals, model.Study.Score(StudySignals.Names, signals));
            })
            .OrderByDescending(s => s.Fit).ThenBy(s => s.CaseStudy.Slug, StringComparer.Ordinal).ToList();
        var own = wordings.Where(w => w.Weight > 0).Select(w => w.Wording).Take(2).ToList();
        var total = studies.Sum(s => Math.Exp(s.Fit - studies[0].Fit));
        studies = [.. studies.Select((s, i) => s with { Share = Math.Exp(s.Fit - studies[0].Fit) / total, Sentences = i < Read ? SentencesOf(s.Source, part, own, statistics, model) : [] })];
        var evidence = new PartEvidence { Part = part, Studies = studies, Signals = AnswerableSignals(studies, own[^1], all, statistics) };
        evidence = evidence with { LogOdds = model.Answerable.Score(AnswerableNames, [.. evidence.Signals]) };
        return evidence with
        {
            Studies = [.. studies.Select(s => s with { Sentences = [.. s.Sentences.Select(x => x with { Belongs = BriefModel.Chance(model.Belongs.Score(SentenceEvidence.BelongsNames, x.BelongSignals(s, evidence))) })] })],
        };
    }

    private static List<SentenceEvidence> SentencesOf(IndexedCaseStudy study, QuestionPart part, List<AskedWording> own, LexicalStatistics statistics, BriefModel model)
    {
        var words = StudySignals.Words(study);
        var sentences = study.Sentences.Select((span, i) =>
        {
            var text = span.In(study.CaseStudy.Text);
            return new SentenceEvidence(
                i, span, text, own.Average(o => StudySignals.Cosine(o, study, i)), own.Average(o => StudySignals.Share(o, words.Sentences[i], statistics)), AskedCues.Answers(part.Kinds, text));
        }).ToList();
        var best = sentences.Count == 0 ? 0 : sentences.Max(s => s.Cosine);
        return [.. sentences.Select(s => s with { Answer = model.Answers.Score(SentenceEvidence.AnswersNames, s.AnswerSignals(best)) })];
    }

    // Few texts name few subjects: that none of them speaks of one by its name tells little yet.
    private static double Unheld(double unheld, int held) => TypicalUnheld + ((unheld - TypicalUnheld) * Math.Min(1, held / (double)ManyTexts));

    private static double[] AnswerableSignals(List<StudyEvidence> studies, AskedWording asked, IReadOnlyList<IndexedCaseStudy> held, LexicalStatistics statistics)
    {
        double unknown = 0, all = 0;
        foreach (var stem in asked.Stems)
        {
            var idf = statistics.Idf(stem);
            all += idf;
            if (!statistics.Frequencies.ContainsKey(stem)) unknown += idf;
        }

        double Signal(string name) => studies.Count == 0 ? 0 : studies[0].Signals[StudySignals.Names.ToList().IndexOf(name)];
        var (shares, nearness) = asked.SubjectsIn(statistics);
        var spoken = new float[shares.Length];
        foreach (var study in held) TensorPrimitives.Max(spoken, StudySignals.Words(study).Subjects, spoken);
        var third = studies.Count < 3 ? studies.LastOrDefault() : studies[2];
        return
        [
            Signal("sentence"), Signal("mean"), Signal("words"), Signal("label"), studies.Count == 0 ? 0 : studies[0].Fit - third!.Fit, all > 0 ? unknown / all : 1, Math.Log(1 + asked.Stems.Count),
            Signal("subject"), Unheld(1 - TensorPrimitives.Dot<float>(shares, spoken), held.Count), nearness,
        ];
    }
}
