using CoopAI.Core.Language;
using CoopAI.Core.Questions;

namespace CoopAI.Core.Briefs;

/// <summary>Whether a sentence holds what a kind of question asks for: a sum, a count, a date, what came of it, what is advised.</summary>
internal static class AskedCues
{
    private static readonly HashSet<string> Counted = Set("one two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand thousands half third quarter");
    private static readonly HashSet<string> Months = Set("january february march april may june july august september october november december spring summer autumn winter");
    private static readonly HashSet<string> Spans = Set("year years month months week weeks day days decade decades");
    private static readonly HashSet<string> Money = Set("million billion pounds grant grants funding funded fund budget cost costs paid money worth deposit invested investment");
    private static readonly HashSet<string> Came = Set("result results led helped helps followed since became won built rebuilt moved opened passed saved raised reached delivered achieved grew fell rose improved increased reduced showed found finished completed shows proven proved outcome outcomes brought brings benefit benefits earned trained supported created set adopted");
    private static readonly HashSet<string> Advice = Set("should recommend recommends recommended recommendation recommendations advised advice advises suggests suggested proposed proposes propose report reported concluded conclusion need needs must");
    private static readonly HashSet<string> Trouble = Set("but however although though despite lesson lessons learned learnt problem problems difficult difficulty barrier barriers challenge challenges failed failure overlap waste poor lack delay delayed risk without unable could not cannot never still");
    private static readonly HashSet<string> Bodies = Set("council councils partnership partners partner company trust charity co-operative cooperative consortium group board commission committee university nhs police association network centre society led leads funded commissioned");

    /// <summary>Whether the sentence holds what at least one of these kinds asks for; false for kinds that any sentence can answer.</summary>
    public static bool Answers(IReadOnlyList<AskKind> kinds, string sentence)
    {
        foreach (var kind in kinds)
        {
            if (Answers(kind, sentence)) return true;
        }

        return false;
    }

    public static bool Answers(AskKind kind, string sentence)
    {
        var words = Words.Split(sentence).Select(w => w.Text).ToList();
        return kind switch
        {
            AskKind.HowMuch => sentence.AsSpan().IndexOfAny("£€$%") >= 0 || (words.Exists(Money.Contains) && HasNumber(words)),
            AskKind.HowMany => words.Exists(w => (char.IsAsciiDigit(w[0]) && !IsYear(w)) || Counted.Contains(w)),
            AskKind.When => words.Exists(w => IsYear(w) || Months.Contains(w)) || (HasNumber(words) && words.Exists(Spans.Contains)),
            AskKind.Outcome => words.Exists(Came.Contains),
            AskKind.Recommendation => words.Exists(Advice.Contains),
            AskKind.Lesson => words.Exists(Trouble.Contains),
            AskKind.Who or AskKind.Contact => words.Exists(Bodies.Contains),
            _ => false,
        };
    }

    /// <summary>What none of the quoted sentences says, as the end of a sentence; null: any sentence may answer this kind.</summary>
    public static string? Missing(AskKind kind) => kind switch
    {
        AskKind.HowMuch => "says what it cost or gives another sum",
        AskKind.HowMany => "gives a number",
        AskKind.When => "says when",
        AskKind.Outcome => "says what came of it",
        AskKind.Recommendation => "gives a recommendation",
        AskKind.Lesson => "says what went wrong or was learned",
        AskKind.Contact => "names a person to ask: ask the council itself",
        _ => null,
    };

    private static bool HasNumber(List<string> words) => words.Exists(w => char.IsAsciiDigit(w[0]) || Counted.Contains(w));

    private static bool IsYear(string word) => word.Length == 4 && word.All(char.IsAsciiDigit) && word[0] is '1' or '2' && word.Length == 4 && word[1] is '9' or '0' or '8';

    private static HashSet<string> Set(string words) => new(words.Split(' '), StringComparer.Ordinal);
}
