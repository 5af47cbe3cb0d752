using System.Globalization;
using System.Text.RegularExpressions;
using CoopAI.Core.Briefs;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Evidence;

/// <summary>VG04: too little evidence means no answer.</summary>
internal sealed partial class EvidenceChecker : RuleChecker
{
    private readonly int minPassages;
    private readonly double termCoverage;
    private readonly double calibratedCoverage;
    private readonly double strongScore;
    private readonly double? scoreFloor;
    private readonly PhraseSet topics;
    private readonly HashSet<string> asking;

    public EvidenceChecker(RuleSettings settings)
    {
        minPassages = settings.Integer("min_passages", 2, 1, 50);
        termCoverage = settings.Number("term_coverage", 0.6, 0, 1);
        calibratedCoverage = settings.Number("calibrated_coverage", 0.4, 0, 1);
        strongScore = settings.Number("strong_score", 0.5, 0, 1);
        MinSentencesLeft = settings.Integer("min_sentences_left", 2, 1, 20);
        var floor = settings.Text("score_floor", "calibrate");
        scoreFloor = double.TryParse(floor, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
        var list = settings.List("lexicon", "topic_terms.txt").Only("terms", "asking-words");
        topics = list.Phrases("terms");
        asking = list.Lines("asking-words").SelectMany(l => Words.Split(l.Text)).Select(w => PorterStemmer.Stem(w.Text)).ToHashSet(StringComparer.Ordinal);
    }

    public int MinSentencesLeft { get; }

    public override IEnumerable<Finding> Check(RuleContext context) => context.Stage == Stage.Retrieved ? [Retrieved(context)] : [Left(context.AnswerSentences.Count(s => s.Kind == SentenceKind.Answer))];

    /// <summary>The test that runs again after every removal.</summary>
    internal Finding Left(int sentences) => sentences >= MinSentencesLeft
        ? Pass(new RuleTarget("answer"), string.Create(CultureInfo.InvariantCulture, $"{sentences} sentences are left standing."))
        : Fail(new RuleTarget("answer"), string.Create(CultureInfo.InvariantCulture, $"{sentences} {(sentences == 1 ? "sentence is" : "sentences are")} left standing; an answer needs {MinSentencesLeft}."));

    private Finding Retrieved(RuleContext context)
    {
        var question = context.Question ?? context.Text;
        var figures = context.Retrieval;
        var floor = figures?.Floor ?? scoreFloor;
        var above = context.Passages.Where(p => floor is null || figures?.Scores is null || figures.Scores.GetValueOrDefault(p.Id) >= floor).ToList();
        var evidence = new List<RuleEvidence>
        {
            new(string.Create(CultureInfo.InvariantCulture, $"Passages that count: {above.Count} of {context.Passages.Count}{(floor is null ? "" : $" (score floor {floor:0.###})")}")),
        };
        if (figures?.Chance is { } chance)
        {
            return chance < (floor ?? 0) || above.Count + context.Passages.Count == 0
                ? Failed(string.Create(CultureInfo.InvariantCulture, $"The chance that the case studies answer is {chance:0.00}; {floor ?? 0:0.00} is needed."))
                : Pass(Whole(context), string.Create(CultureInfo.InvariantCulture, $"The chance that the case studies answer is {chance:0.00}; {floor ?? 0:0.00} is needed."), [.. evidence]);
        }

        // A short case study is one passage. When the search itself is sure of it, a second one would only be padding.
        var strong = figures?.Scores is { } scores && above.Exists(p => scores.GetValueOrDefault(p.Id) >= strongScore);
        if (above.Count < minPassages && !strong) return Failed($"Fewer than {minPassages} passages count as evidence.");

        // With the search's own figures the passages need not be read again, unless the question quotes a phrase.
        var stems = new Lazy<IReadOnlyList<string[]>>(() => [.. above.Select(p => StemmedWords.Of(p.Text))]);
        if (MissingPhrase(context, question, stems) is { } phrase)
        {
            evidence.Add(new RuleEvidence($"Not found in any passage: “{phrase}”"));
            return Failed($"No passage speaks of “{phrase}”.");
        }

        var wanted = Words.Split(question).Where(w => !StopWords.Contains(w.Text)).Select(w => (w.Text, Stem: StemmedWords.Stem(w.Text))).Where(w => !asking.Contains(w.Stem)).DistinctBy(w => w.Stem).ToList();
        var missing = figures?.WordsNotFound ?? [.. wanted.Where(w => !stems.Value.Any(s => s.Contains(w.Stem, StringComparer.Ordinal))).Select(w => w.Text)];
        var coverage = figures?.Coverage ?? (wanted.Count == 0 ? 1 : 1 - ((double)missing.Count / wanted.Count));
        if (missing.Count > 0) evidence.Add(new RuleEvidence($"Words of the question not found: {string.Join(", ", missing)}"));
        var needed = figures?.Coverage is null ? termCoverage : calibratedCoverage;
        return coverage < needed
            ? Failed(string.Create(CultureInfo.InvariantCulture, $"The passages speak of {coverage:P0} of the question's topic words; {needed:P0} are needed."))
            : Pass(Whole(context), string.Create(CultureInfo.InvariantCulture, $"{above.Count} passages count, and they speak of {coverage:P0} of the question's topic words."), [.. evidence]);

        Finding Failed(string why)
        {
            if (figures?.NearestTitles is { Count: > 0 } nearest) evidence.Add(new RuleEvidence($"Nearest: {string.Join("; ", nearest.Take(3))}"));
            return Fail(new RuleTarget("question"), why, [.. evidence]);
        }
    }

    /// <summary>The first quoted phrase or listed two-word term of the question that stands in no passage, or null.</summary>
    private string? MissingPhrase(RuleContext context, string question, Lazy<IReadOnlyList<string[]>> passages)
    {
        var tokens = context.Level(question).Tokens;
        var phrases = Quoted().Matches(tokens.View.Text).Select(m => m.Groups[1].Value).Concat(topics.Find(tokens).Select(m => m.Span.In(question)));
        foreach (var phrase in phrases)
        {
            var wanted = Words.Split(phrase).Select(w => PorterStemmer.Stem(w.Text)).ToArray();
            if (wanted.Length > 0 && !passages.Value.Any(p => HoldsRun(p, wanted))) return phrase;
        }

        return null;
    }

    private static bool HoldsRun(string[] words, string[] wanted)
    {
        for (var i = 0; i + wanted.Length <= words.Length; i++)
        {
            var j = 0;
            while (j < wanted.Length && words[i + j] == wanted[j]) j++;
            if (j == wanted.Length) return true;
        }

        return false;
    }

    [GeneratedRegex("\"([^\"\n]{3,100})\"", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Quoted();
}
