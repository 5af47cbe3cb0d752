using System.Text;

namespace CoopAI.Evaluation.Briefs;

/// <summary>What a brief quotes, as the suite needs it.</summary>
/// <param name="Outcome">As in <c>ask --json</c>.</param>
/// <param name="Quoted">Each quoted sentence, once for each citation.</param>
public sealed record QuotedBrief(string Outcome, IReadOnlyList<LabelledQuote> Quoted)
{
    /// <summary>Whether something was answered: "may help" counts too, since it shows sentences.</summary>
    public bool Answered => Outcome is "answered" or "partly-answered" or "may-help";
}

/// <summary>A brief held against the labels of its question.</summary>
/// <param name="Hits">For each sentence that answers: whether it is quoted.</param>
/// <param name="Fits">For each quoted sentence: whether it may be quoted.</param>
/// <param name="Used">Whether a case study that a good brief must use is cited.</param>
public sealed record BriefScore(BriefCase Case, QuotedBrief Brief, IReadOnlyList<bool> Hits, IReadOnlyList<bool> Fits, bool Used)
{
    /// <summary>A quotation of fewer letters says too little to count as a piece of a labelled one.</summary>
    private const int LeastPiece = 25;

    public bool Right => Brief.Answered == Case.Answerable;

    public static BriefScore Of(BriefCase question, QuotedBrief brief)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(brief);
        var said = brief.Quoted.Select(q => q with { Quote = Level(q.Quote) }).ToList();
        var answers = question.Answers.Select(q => q with { Quote = Level(q.Quote) }).Distinct().ToList();
        var fitting = question.Fitting.Select(q => q with { Quote = Level(q.Quote) }).Distinct().ToList();
        return new BriefScore(
            question, brief, answers.ConvertAll(a => said.Exists(s => Same(a, s))), said.ConvertAll(s => fitting.Exists(f => Same(f, s))), said.Exists(s => question.LevelOf(s.Slug) == 2));
    }

    /// <summary>Whether the labels say that this sentence may be quoted.</summary>
    public static bool Fit(IReadOnlyList<LabelledQuote> labels, string slug, string sentence)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var said = new LabelledQuote(slug, Level(sentence));
        return labels.Any(l => Same(l with { Quote = Level(l.Quote) }, said));
    }

    private static bool Same(LabelledQuote label, LabelledQuote said) =>
        label.Slug == said.Slug && (said.Quote.Contains(label.Quote, StringComparison.Ordinal) || (said.Quote.Length > LeastPiece && label.Quote.Contains(said.Quote, StringComparison.Ordinal)));

    // Letters and digits alone, so that marks and spacing do not count.
    private static string Level(string text)
    {
        var level = new StringBuilder(text.Length);
        foreach (var c in text.ToLowerInvariant())
        {
            if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '£' or '%') level.Append(c);
            else if (level.Length > 0 && level[^1] != ' ') level.Append(' ');
        }

        return level.ToString().Trim();
    }
}
