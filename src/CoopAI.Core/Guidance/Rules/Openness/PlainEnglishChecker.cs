using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CoopAI.Core.Briefs;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Openness;

/// <summary>VG12: plain English. Flesch-Kincaid grade, long sentences, words to avoid, short forms not spelt out.</summary>
/// <remarks>Grade = 0.39 × words a sentence + 11.8 × syllables a word − 15.59 (Kincaid and others, 1975). Quotations, citations and names are not scored.</remarks>
internal sealed partial class PlainEnglishChecker : RuleChecker
{
    /// <summary>Below this many scored words a grade says nothing.</summary>
    private const int MinWords = 12;

    private readonly double gradeTarget;
    private readonly double gradeFlag;
    private readonly int maxWords;
    private readonly IReadOnlyList<(PhraseSet Phrase, string Plain)> avoid;
    private readonly PhraseSet harmless;
    private readonly HashSet<string> known;

    public PlainEnglishChecker(RuleSettings settings)
    {
        gradeTarget = settings.Number("grade_target", 9, 1, 30);
        gradeFlag = settings.Number("grade_flag", 12, 1, 30);
        maxWords = settings.Integer("max_words", 25, 5, 100);
        var list = settings.List("avoid", "words_to_avoid.txt").Only("avoid", "harmless", "known-short-forms");
        avoid = [.. list.Lines("avoid").Select(l => Entry(list, l.Line, l.Text))];
        harmless = list.Phrases("harmless", required: false);
        known = list.Lines("known-short-forms").SelectMany(l => l.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.Ordinal);
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var failed = false;
        var (words, syllables, sentences) = (0, 0, 0);
        var whole = context.Text.Length > 0 ? context.Text : string.Join(' ', context.AnswerSentences.Select(s => s.Text));
        var explained = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sentence in context.AnswerSentences.Where(s => s.Kind == SentenceKind.Answer))
        {
            var text = Quotation().Replace(context.Plain(sentence.Text), " ");
            var target = new RuleTarget("sentence", sentence.Number.ToString(CultureInfo.InvariantCulture));
            var own = Score(text);
            words += own.Words;
            syllables += own.Syllables;
            if (own.Words > 0) sentences++;
            if (own.All > maxWords)
            {
                failed = true;
                yield return Fail(target, string.Create(CultureInfo.InvariantCulture, $"The sentence has {own.All} words; {maxWords} are the limit."), new RuleEvidence(Cut(sentence.Text)));
            }

            var tokens = context.Level(text).Tokens;
            var spared = harmless.Find(tokens);
            foreach (var (phrase, plain) in avoid)
            {
                foreach (var hit in phrase.Find(tokens).Where(h => !spared.Any(s => s.Span.Overlaps(h.Span))).Take(1))
                {
                    failed = true;
                    yield return Fail(target, $"“{hit.Span.In(text)}” is a word to avoid; plainer: {plain}.", new RuleEvidence(hit.Span.In(text)));
                }
            }

            foreach (Match form in ShortForm().Matches(text))
            {
                var shortForm = form.Value.TrimEnd('s');
                if (known.Contains(shortForm) || explained.Contains(shortForm) || Explains(whole, shortForm) || Roman().IsMatch(shortForm)) continue;
                explained.Add(shortForm);
                failed = true;
                yield return Fail(target, $"“{shortForm}” is not spelt out.", new RuleEvidence(shortForm));
            }
        }

        var grade = sentences == 0 || words == 0 ? 0 : (0.39 * words / sentences) + (11.8 * syllables / words) - 15.59;
        var evidence = new RuleEvidence(string.Create(CultureInfo.InvariantCulture, $"Grade {Math.Max(0, grade):0.0} (target {gradeTarget:0.#}, flag above {gradeFlag:0.#})"));
        if (words >= MinWords && grade > gradeFlag)
        {
            failed = true;
            yield return Fail(Whole(context), "The answer is hard to read.", evidence);
        }

        if (!failed) yield return Pass(Whole(context), "The answer is in plain English.", evidence);
    }

    // Names are masked: a run of capitalised words that does not open the sentence counts as one short word.
    private static (int Words, int Syllables, int All) Score(string text)
    {
        var (words, syllables, all) = (0, 0, 0);
        var inName = false;
        foreach (var word in Words.Split(text))
        {
            all++;
            var name = words + all > 1 && char.IsUpper(text[word.Span.Start]);
            if (name)
            {
                if (!inName) (words, syllables) = (words + 1, syllables + 1);
                inName = true;
                continue;
            }

            inName = false;
            words++;
            syllables += char.IsAsciiDigit(word.Text[0]) ? 1 : Syllables(word.Text);
        }

        return (words, syllables, all);
    }

    /// <summary>Vowel runs, without a silent e and silent endings; at least one.</summary>
    internal static int Syllables(string word)
    {
        if (word.Length <= 3) return 1;
        var stem = SilentEnd().Replace(word, "");
        return Math.Max(1, VowelRun().Count(stem) + (Hiatus().Count(stem)));
    }

    private static bool Explains(string text, string shortForm) =>
        Regex.IsMatch(text, $@"\(\s?{Regex.Escape(shortForm)}s?\b|\b{Regex.Escape(shortForm)}s? \((?=[a-zA-Z ,-]{{8,}}\))", RegexOptions.CultureInvariant, PhraseSet.RegexLimit);

    private static (PhraseSet, string) Entry(ListFile list, int line, string text)
    {
        if (text.Split("=>", 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } phrase, { Length: > 0 } plain]) throw ListFile.Bad(list.Name, line, "a line is: word => plain word");
        var set = new PhraseSet();
        try
        {
            set.Add(phrase, NoClasses);
        }
        catch (FormatException e)
        {
            throw ListFile.Bad(list.Name, line, e.Message);
        }

        return (set, plain);
    }

    private static readonly Dictionary<string, string> NoClasses = [];

    private const int Limit = 1000;

    [GeneratedRegex("“[^”]{1,2000}”|\"[^\"]{1,2000}\"", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Quotation();

    [GeneratedRegex(@"(?<![\w-])[A-Z][A-Z0-9&]{1,7}s?(?![\w-])", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex ShortForm();

    [GeneratedRegex(@"^(?:[IVX]+|[A-Z]\d+|\d+)$", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Roman();

    [GeneratedRegex(@"(?:[^laeiouy]es|(?<![td])ed|[^laeiouy]e)$", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex SilentEnd();

    [GeneratedRegex(@"[aeiouy]+", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex VowelRun();

    [GeneratedRegex(@"(?:ia|io(?!n)|eo|ua(?!l)|uo|ii)(?!u)", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Hiatus();
}
