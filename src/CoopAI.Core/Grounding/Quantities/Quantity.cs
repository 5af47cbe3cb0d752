using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Quantities;

/// <summary>What sort of thing a number states.</summary>
internal enum QuantityKind
{
    Count,
    Measure,
    Money,
    Share,
    Multiple,
    Ordinal,
    Year,
    Decade,
    Date,
    Magnitude,
}

/// <summary>How a number is hedged.</summary>
internal enum Hedge
{
    None,
    About,

    /// <summary>"Nearly", "almost": a little less, told as the number itself.</summary>
    Nearly,
    AtLeast,
    AtMost,

    /// <summary>The lower number of "between 30 and 40".</summary>
    LowEnd,

    /// <summary>The higher one.</summary>
    HighEnd,
}

/// <summary>A number of a text in levelled form.</summary>
/// <param name="Kind">Shares are percentages and fractions alike, in [0, 1] for 0 to 100%.</param>
/// <param name="Value">Pounds for money, base unit for measures, ten to the n for magnitudes ("hundreds"), the year for years.</param>
/// <param name="Unit">Currency sign, base unit ("day", "month", "metre"), "%" for percentages (a fraction has none), "points" for percentage points; empty otherwise.</param>
/// <param name="Nouns">Keys of the words behind the number that may be the counted noun; for "panel of 24" the word before.</param>
/// <param name="Span">Where it stands, sign and unit included.</param>
/// <param name="First">Its first token.</param>
/// <param name="Last">Its last token.</param>
/// <param name="Month">1 to 12 for dates that name one.</param>
/// <param name="Day">1 to 31 for dates that name one.</param>
internal sealed record Quantity(
    QuantityKind Kind,
    decimal Value,
    string Unit,
    IReadOnlyList<string> Nouns,
    TextSpan Span,
    int First,
    int Last,
    Hedge Hedge = Hedge.None,
    int? Month = null,
    int? Day = null)
{
    /// <summary>"One" before a noun: as often an article as a count.</summary>
    public bool IsWeak => Kind == QuantityKind.Count && Value == 1;

    /// <summary>0 for a date without a year.</summary>
    public int Year => Kind is QuantityKind.Date or QuantityKind.Year ? (int)Value : 0;
}
