using CoopAI.Core.Language;

namespace CoopAI.Core.Questions;

/// <summary>What a follow-up carries on: the question before, with what it named and the case studies that answered it.</summary>
/// <param name="Subject">What was searched for before, the oldest question first; in small letters, corrected.</param>
/// <param name="Councils">Named before and not replaced since.</param>
/// <param name="Places">As <paramref name="Councils"/>.</param>
/// <param name="Years">As <paramref name="Councils"/>.</param>
/// <param name="Slugs">Case studies that the answer before quoted, best first.</param>
public sealed record Conversation(
    string Subject, IReadOnlyList<NamedCouncil> Councils, IReadOnlyList<NamedPlace> Places, NamedYears? Years, IReadOnlyList<string> Slugs)
{
    /// <summary>Longest subject that is carried, in characters: a long conversation forgets its beginning, not its end.</summary>
    public const int LongestSubject = 600;

    private static readonly HashSet<string> More = new(["else", "others", "another", "elsewhere", "other"], StringComparer.Ordinal);

    /// <summary>The conversation after a question was read and answered.</summary>
    /// <param name="read">The question, itself carried on where it followed another.</param>
    /// <param name="quoted">Case studies that its answer quoted, best first.</param>
    public static Conversation After(ReadQuestion read, IReadOnlyList<string> quoted)
    {
        ArgumentNullException.ThrowIfNull(read);
        var subject = string.Join(' ', read.Parts.Select(p => p.Context).Distinct(StringComparer.Ordinal).Concat(read.Parts.Select(p => p.Own)).Where(t => t.Length > 0));
        if (subject.Length > LongestSubject) subject = subject[^LongestSubject..] is var end && end.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? end[(space + 1)..] : subject[^LongestSubject..];
        return new Conversation(subject, read.Councils, read.Places, read.Years, quoted);
    }

    /// <summary>The follow-up with what it leaves out: "and in Wales?" asks the question before of another place, "what did it cost?" of the same case studies.</summary>
    public ReadQuestion Carry(ReadQuestion followUp)
    {
        ArgumentNullException.ThrowIfNull(followUp);
        return followUp with { Parts = [.. followUp.Parts.Select(Carry)] };
    }

    private QuestionPart Carry(QuestionPart part)
    {
        var words = Typed.Split(part.Own).Select(w => w.Text).ToList();
        var more = words.Exists(More.Contains) && words.Count(w => !StopWords.Contains(w)) <= 3;
        var elsewhere = part.Councils.Count > 0 || part.Places.Count > 0;
        // Another council's name in what is searched for would only find that council again.
        var subject = elsewhere || more ? Without(Subject, Councils.Select(c => c.Typed).Concat(Places.Select(p => p.Typed))) : Subject;
        return part with
        {
            Context = part.Context.Length == 0 ? subject : $"{subject} {part.Context}",
            Councils = elsewhere || more ? part.Councils : Councils,
            Places = elsewhere || more ? part.Places : Places,
            Years = part.Years ?? Years,
            Preferred = elsewhere || more ? [] : Slugs,
            Excluded = more ? Slugs : [],
        };
    }

    private static string Without(string text, IEnumerable<string> names)
    {
        var dropped = names.SelectMany(n => Typed.Split(n)).Select(w => w.Text).ToHashSet(StringComparer.Ordinal);
        return dropped.Count == 0 ? text : string.Join(' ', text.Split(' ').Where(w => !dropped.Contains(w)));
    }
}
