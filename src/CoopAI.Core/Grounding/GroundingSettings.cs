namespace CoopAI.Core.Grounding;

/// <summary>Settings of VG01 to VG03 that a member of the network can change; names as in <c>prompts/guidance/framework.yaml</c>.</summary>
public sealed record GroundingSettings
{
    /// <summary>VG01 <c>min_overlap</c>: lowest support score, in [0, 1], that lets a sentence stand. Default 0.55, chosen on the development half of <c>evals/grounding</c>.</summary>
    public double MinOverlap { get; init; } = 0.55;

    /// <summary>VG01 <c>window_sentences</c>: the longest run of source sentences that one sentence may rest on. Default 3, 1 to 10.</summary>
    public int WindowSentences { get; init; } = 3;

    /// <summary>VG01 <c>negation_check</c>: whether changed meaning (negation, opposites, scope, plans told as done, swapped roles) fails a sentence. Default true.</summary>
    public bool NegationCheck { get; init; } = true;

    /// <summary>VG02 <c>approx_tolerance</c>: how far "about", "nearly" or "around" may be from the source, as a share of it. Default 0.05, in [0, 0.5].</summary>
    public decimal ApproxTolerance { get; init; } = 0.05m;

    /// <summary>VG02 <c>derived_numbers</c>: whether a sum or difference of two numbers of the source counts as its number. Default false.</summary>
    public bool DerivedNumbers { get; init; }

    /// <summary>VG03 <c>min_quote_chars</c>: quotations from this length, in characters, must be verbatim. Default 12, at least 1.</summary>
    public int MinQuoteChars { get; init; } = 12;

    /// <summary>Version of the framework these settings belong to; copied into every result.</summary>
    public string Version { get; init; } = "";

    /// <summary>The settings themselves when every one lies in its range.</summary>
    /// <exception cref="ArgumentException">Names the setting, its value and the range.</exception>
    public GroundingSettings Validated()
    {
        Check(MinOverlap is >= 0 and <= 1, "min_overlap", MinOverlap, "0 to 1");
        Check(WindowSentences is >= 1 and <= 10, "window_sentences", WindowSentences, "1 to 10");
        Check(ApproxTolerance is >= 0 and <= 0.5m, "approx_tolerance", ApproxTolerance, "0 to 0.5");
        Check(MinQuoteChars >= 1, "min_quote_chars", MinQuoteChars, "1 or more");
        return this;

        static void Check<T>(bool fits, string name, T value, string range)
        {
            if (!fits) throw new ArgumentException(FormattableString.Invariant($"The setting {name} is {value}; it must be {range}."));
        }
    }
}
