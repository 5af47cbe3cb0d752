using System.Globalization;
using System.Text;
using System.Text.Json;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance.Rules.Protection;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>Why a case study waits for a person before anybody is shown it.</summary>
public enum DoubtKind
{
    /// <summary>It orders whoever or whatever reads it (VG10).</summary>
    Orders,

    /// <summary>It holds text that people do not see.</summary>
    HiddenText,

    /// <summary>It is shaped to be found by every search: words, sentences or topics heaped up.</summary>
    MadeToBeFound,
}

/// <param name="Says">What was found, in a sentence for staff.</param>
public sealed record Doubt(DoubtKind Kind, string Says);

/// <summary>Looks at a case study before it can be found: one that carries orders, hidden text or heaped-up words goes into quarantine until a person releases it.</summary>
/// <remarks>
/// Pure and safe for concurrent use; takes time in proportion to the text. The bounds were chosen on the shipped and on invented case studies, none of
/// which comes near them; what looks near and is ordinary (minutes, lists of partners, poems, questions and answers) stays below them.
/// </remarks>
public sealed class TextTrust(GuidanceInForce inForce)
{
    /// <summary>Name of the unknown field in which a reader notes text that it took out because nobody would have seen it.</summary>
    public const string HiddenField = "hiddenText";

    /// <summary>Before the text of comments, which counts when it gives orders.</summary>
    public const string CommentMark = "In comments: ";

    // Of a text of at least this many words its shape can be told.
    private const int FewestWords = 40;

    // Words looked at together for sentences without grammar.
    private const int Window = 60;

    /// <summary>What speaks against showing it; empty: nothing.</summary>
    public IReadOnlyList<Doubt> Look(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        var doubts = new List<Doubt>();
        if (FindOrder(caseStudy) is { } order) doubts.Add(new(DoubtKind.Orders, order));
        if (FindHidden(caseStudy) is { } hidden) doubts.Add(new(DoubtKind.HiddenText, hidden));
        if (FindHeap(caseStudy) is { } heap) doubts.Add(new(DoubtKind.MadeToBeFound, heap));
        return doubts;
    }

    /// <summary>Whether a text orders its reader about, as VG10 reads passages.</summary>
    public bool IsOrder(string text) => Order([new RulePassage("text", text)]) is not null;

    /// <summary>Characters that nobody sees and that stand inside words or carry a text of their own; null: none.</summary>
    /// <param name="text">As it was typed, before it is cleaned.</param>
    public static string? Invisible(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF')) return null;
        var (tags, turned, between) = (new StringBuilder(), 0, 0);
        var emoji = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                var rune = char.ConvertToUtf32(c, text[i + 1]);
                // A flag of England, Scotland or Wales is a black flag with tags behind it.
                if (rune is >= 0xE0020 and <= 0xE007E && !emoji) tags.Append((char)(rune - 0xE0000));
                emoji = rune == 0x1F3F4 || (emoji && rune is >= 0xE0020 and <= 0xE007F);
                i++;
                continue;
            }

            emoji = false;
            if (c is '\u202E' or '\u202D') turned++;
            if (c is '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u2062' or '\u2063' or '\u2064' && i > 0 && i + 1 < text.Length && IsLatin(text[i - 1]) && IsLatin(text[i + 1])) between++;
        }

        if (tags.Length > 3) return $"Characters that nobody sees spell “{Cut(tags.ToString())}”.";
        if (turned > 0) return "Marks that turn the direction of writing stand in it, so that it reads otherwise than it looks.";
        return between >= 8 ? string.Create(CultureInfo.InvariantCulture, $"{between} characters without width stand inside its words.") : null;

        static bool IsLatin(char c) => char.IsAsciiLetter(c);
    }

    private string? FindOrder(CaseStudy caseStudy)
    {
        var passages = caseStudy.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat([caseStudy.Text, caseStudy.Title, caseStudy.Kind ?? "", caseStudy.Status ?? "", caseStudy.LeadMember ?? ""]).Concat(caseStudy.Topics).Concat(caseStudy.ParticipatingMembers)
            .Where(t => t.Length > 0).Select((t, i) => new RulePassage(i.ToString(CultureInfo.InvariantCulture), t)).ToList();
        return Order(passages) is { } found ? $"It gives an order to whoever reads it: “{Cut(found)}”." : null;
    }

    private string? Order(IReadOnlyList<RulePassage> passages)
    {
        var guidance = inForce.Current;
        if (guidance.RuleOf("injection") is null) return null;
        var checker = guidance.Checker<InjectionChecker>("injection");
        return checker.Check(new RuleContext { Stage = Stage.Retrieved, AsOf = DateOnly.MinValue, Passages = passages }).FirstOrDefault(f => f.Status == RuleStatus.Fail)?.Evidence[0].Text;
    }

    private string? FindHidden(CaseStudy caseStudy)
    {
        if (caseStudy.Extra?.TryGetValue(HiddenField, out var noted) == true && noted.ValueKind == JsonValueKind.String && noted.GetString() is { Length: > 0 } says)
        {
            if (!says.StartsWith(CommentMark, StringComparison.Ordinal)) return Cut(says, 300);
            if (Order([.. says[CommentMark.Length..].Split('\n').Select((c, i) => new RulePassage(i.ToString(CultureInfo.InvariantCulture), c))]) is { } order) return $"A comment that nobody sees gives an order: “{Cut(order)}”.";
        }

        return Invisible(caseStudy.Text) ?? Invisible(caseStudy.Title);
    }

    private static string? FindHeap(CaseStudy caseStudy)
    {
        if (caseStudy.Topics.Count > 40) return $"It names {caseStudy.Topics.Count} topics.";
        var title = StemsOf(caseStudy.Title);
        if (title.Count > 0 && title.CountBy(s => s).MaxBy(s => s.Value) is { Value: >= 4 } inTitle) return $"Its title says “{inTitle.Key}” {inTitle.Value} times.";
        if (title.Count > 40) return "Its title is a list of words.";
        var words = Words.Split(caseStudy.Text).ToList();
        if (words.Count < FewestWords) return null;

        // The same sentence over and over.
        var sentences = Sentences.Split(caseStudy.Text).Select(s => string.Join(' ', Words.Split(s.In(caseStudy.Text)).Select(w => w.Text))).Where(s => s.Length > 12).ToList();
        if (sentences.Count > 0 && sentences.CountBy(s => s).MaxBy(s => s.Value) is { Value: >= 4 } repeated && repeated.Value * repeated.Key.Length * 5 > sentences.Sum(s => s.Length))
            return $"One sentence stands in it {repeated.Value} times: “{Cut(repeated.Key)}”.";
        var plainTitle = string.Join(' ', Words.Split(caseStudy.Title).Select(w => w.Text));
        var plainText = string.Join(' ', words.Select(w => w.Text));
        if (title.Count >= 2 && Count(plainText, plainTitle) is >= 4 and var titles && titles * plainTitle.Length * 8 > plainText.Length) return $"Its title stands in it {titles} times.";

        // Words without grammar: prose has a function word in every second or third place.
        var grammar = words.Select(w => StopWords.Contains(w.Text) ? 1 : 0).ToArray();
        var distinct = words.Count < Window ? null : Enumerable.Range(0, words.Count - Window + 1).Select(i => (int?)i).FirstOrDefault(i => grammar.AsSpan(i!.Value, Window).ToArray().Sum() <= 3 && IsHeap(caseStudy.Text, words, i.Value));
        if (distinct is { } at) return $"A heap of words without sentences stands in it: “{Cut(caseStudy.Text[words[at].Span.Start..words[at + Window - 1].Span.End])}”.";

        // One word, or two beside each other, over and over.
        var stems = words.Where(w => !StopWords.Contains(w.Text) && w.Text.Length > 2).Select(w => PorterStemmer.Stem(w.Text)).ToList();
        if (stems.Count >= FewestWords && stems.CountBy(s => s).MaxBy(s => s.Value) is { Value: >= 12 } often && often.Value * 100 >= stems.Count * 22) return $"The word “{often.Key}” is {often.Value} of its {stems.Count} words.";

        // Questions to be matched by questions.
        var questions = Sentences.Split(caseStudy.Text).Select(s => s.In(caseStudy.Text)).ToList();
        var asked = questions.Count(q => q.TrimEnd().EndsWith('?'));
        return asked >= 8 && asked * 10 >= questions.Count * 7 ? $"{asked} of its {questions.Count} sentences are questions." : null;
    }

    // A list of partners or places is names; what is heaped up to be found is common words, or few words again and again.
    private static bool IsHeap(string text, List<Word> words, int at)
    {
        var window = words.GetRange(at, Window);
        var names = window.Count(w => char.IsUpper(text[w.Span.Start]) || char.IsDigit(text[w.Span.Start]));
        return names * 2 < Window || window.Where(w => char.IsLower(text[w.Span.Start])).CountBy(w => w.Text).Select(w => w.Value).DefaultIfEmpty().Max() >= 6;
    }

    private static List<string> StemsOf(string text) => [.. Words.Split(text).Where(w => !StopWords.Contains(w.Text)).Select(w => PorterStemmer.Stem(w.Text))];

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)) count++;
        return count;
    }

    private static string Cut(string text, int length = 120) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}
