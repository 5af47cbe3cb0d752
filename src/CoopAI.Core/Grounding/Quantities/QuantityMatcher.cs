using CoopAI.Core.Grounding.Meaning;
using CoopAI.Core.Grounding.Reading;

namespace CoopAI.Core.Grounding.Quantities;

/// <summary>What became of one number of a sentence in one source.</summary>
/// <param name="Held">Whether the source holds it.</param>
/// <param name="Nearest">The source's number that matches, or else the nearest of its kind; null: the source has none.</param>
/// <param name="Why">In plain words, when not held.</param>
internal readonly record struct QuantityMatch(bool Held, Quantity? Nearest, string Why);

/// <summary>Looks up a sentence's numbers in a source (VG02).</summary>
internal static class QuantityMatcher
{
    public static QuantityMatch Match(Quantity quantity, AnalysedText sentence, AnalysedText source, int? recordYear, GroundingLexicon lexicon, GroundingSettings settings)
    {
        if (quantity.Kind == QuantityKind.Year && recordYear == quantity.Year) return new(true, null, "");
        Quantity? sameValue = null;
        Quantity? held = null;
        foreach (var other in source.Quantities)
        {
            if (!SameValue(quantity, other, source, recordYear, settings)) continue;
            if (!SameThing(quantity, other, sentence, source, lexicon))
            {
                sameValue ??= other;
                continue;
            }

            if (held is null || Context(quantity, other, sentence, source, lexicon) > Context(quantity, held, sentence, source, lexicon)) held = other;
        }

        if (held is not null)
            return Misplaced(quantity, held, sentence, source, lexicon) is { } rival
                ? new(false, held, $"the source says this of something else; what is said here stands beside “{rival.Span.In(source.Text)}”")
                : new(true, held, "");
        if (quantity.IsWeak && !Contradicted(quantity, source, lexicon)) return new(true, null, "");
        if (settings.DerivedNumbers && IsDerived(quantity, source)) return new(true, null, "");
        if (sameValue is not null) return new(false, sameValue, "the source has this number with another unit or of another thing");
        var nearest = Nearest(quantity, source);
        return new(false, nearest, nearest is null ? "the source has no such number" : $"the nearest in the source is “{nearest.Span.In(source.Text)}”");
    }

    private static bool SameValue(Quantity a, Quantity b, AnalysedText source, int? recordYear, GroundingSettings settings)
    {
        switch (a.Kind, b.Kind)
        {
            case (QuantityKind.Year, QuantityKind.Year or QuantityKind.Date):
                return a.Value == b.Value;
            case (QuantityKind.Year, QuantityKind.Decade):
                return false;
            case (QuantityKind.Date, QuantityKind.Date):
                return a.Month == b.Month && (a.Day is null || a.Day == b.Day)
                    && (a.Year == 0 || a.Year == b.Year || (b.Year == 0 && (recordYear == a.Year || source.Quantities.Any(q => q.Year == a.Year))));
            case (QuantityKind.Share, QuantityKind.Share):
                // A fraction in words is a rounded percentage: a third is 33%.
                return a.Unit == b.Unit ? Near(a, b, settings)
                    : a.Unit is not "points" && b.Unit is not "points" && (Near(a, b, settings) || (!Opposed(a.Hedge, b.Hedge) && Math.Abs(a.Value - b.Value) <= 0.005m));
            case (QuantityKind.Multiple, QuantityKind.Share):
                return (a.Value == 0.5m && b.Value == 0.5m) || (a.Value == 2 && b.Value == 1);
            case (QuantityKind.Share, QuantityKind.Multiple):
                return (b.Value == 0.5m && a.Value == 0.5m) || (b.Value == 2 && a.Value == 1);
            case (QuantityKind.Magnitude, QuantityKind.Magnitude):
                return a.Value == b.Value;
            case (QuantityKind.Magnitude, QuantityKind.Count or QuantityKind.Money):
                return b.Value >= a.Value * 2m / (a.Value == 12 ? 1 : 2) && b.Value < a.Value * 20;
            case (QuantityKind.Ordinal, QuantityKind.Ordinal):
                return a.Value == b.Value;
            case (QuantityKind.Decade, QuantityKind.Decade):
                return a.Value == b.Value;
            case (QuantityKind.Decade, QuantityKind.Year or QuantityKind.Date):
                return b.Year > 0 && b.Year / 10 * 10 == a.Value;
            case (QuantityKind.Multiple, QuantityKind.Multiple):
            case (QuantityKind.Count, QuantityKind.Count):
            case (QuantityKind.Measure, QuantityKind.Measure):
            case (QuantityKind.Money, QuantityKind.Money):
                return a.Unit == b.Unit ? Near(a, b, settings) : SameSpan(a, b);
            default:
                return false;
        }
    }

    // Ninety days are three months.
    private static bool SameSpan(Quantity a, Quantity b)
    {
        const decimal DaysPerMonth = 30.44m;
        return (a.Unit, b.Unit) switch
        {
            ("month", "day") => Math.Abs((a.Value * DaysPerMonth) - b.Value) <= 0.02m * b.Value,
            ("day", "month") => Math.Abs(a.Value - (b.Value * DaysPerMonth)) <= 0.02m * a.Value,
            _ => false,
        };
    }

    private static bool Near(Quantity a, Quantity b, GroundingSettings settings)
    {
        if (Opposed(a.Hedge, b.Hedge)) return false;
        if (a.Value == b.Value) return true;
        // Rounding makes a number rounder: "about 507" is no way to say 500.
        if (Digits(a.Value) > Digits(b.Value)) return false;
        var tolerance = settings.ApproxTolerance * b.Value;
        return a.Hedge switch
        {
            Hedge.About => Math.Abs(a.Value - b.Value) <= tolerance,
            Hedge.Nearly => b.Value < a.Value && a.Value - b.Value <= tolerance && b.Hedge != Hedge.AtLeast,
            Hedge.AtLeast => b.Value > a.Value && b.Value - a.Value <= tolerance && b.Hedge != Hedge.AtMost,
            Hedge.AtMost => b.Value < a.Value && a.Value - b.Value <= tolerance && b.Hedge != Hedge.AtLeast,
            _ => false,
        };
    }

    /// <summary>Significant digits: 1 for 500, 3 for 507 and 0.153.</summary>
    private static int Digits(decimal value)
    {
        var digits = value.ToString("0.############################", System.Globalization.CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal).Trim('0');
        return digits.Length;
    }

    /// <summary>Whether a bound of the one is more, less or something else than what the other says, at equal numbers.</summary>
    /// <param name="a">In the sentence.</param>
    /// <param name="b">In the source.</param>
    private static bool Opposed(Hedge a, Hedge b) => (a, b) switch
    {
        _ when a == b => false,
        (Hedge.AtLeast, Hedge.AtMost or Hedge.About or Hedge.Nearly) or (Hedge.AtMost or Hedge.Nearly, Hedge.AtLeast) => true,
        // An end of a range holds as a bound, never as the number itself.
        (Hedge.AtLeast, Hedge.LowEnd) or (Hedge.AtMost, Hedge.HighEnd) or (Hedge.LowEnd, Hedge.AtLeast) or (Hedge.HighEnd, Hedge.AtMost) => false,
        (_, Hedge.LowEnd or Hedge.HighEnd) => true,
        // "Up to 500" is not 500.
        (Hedge.None or Hedge.About, Hedge.AtMost) => true,
        _ => false,
    };

    private static bool SameThing(Quantity a, Quantity b, AnalysedText sentence, AnalysedText source, GroundingLexicon lexicon)
    {
        if (a.Kind is not (QuantityKind.Count or QuantityKind.Ordinal) || b.Kind is not (QuantityKind.Count or QuantityKind.Ordinal)) return true;
        // In "two of eleven seats" eleven is not how many there are of them.
        if (a.Kind == QuantityKind.Count && IsTotal(b, source) && !IsTotal(a, sentence) && IsPartOf(a, sentence)) return false;
        if (a.Nouns.Count == 0 || b.Nouns.Count == 0) return true;
        if (a.Nouns.Any(n => b.Nouns.Any(m => Covers(n, m)))) return true;
        // "A panel of 24" does not say 24 of what.
        if (IsGroupSize(a, sentence) || IsGroupSize(b, source)) return true;
        // Another wording of the thing counted may stand elsewhere in the source's sentence, unless it has a number of its own.
        var taken = source.Quantities.Where(q => q != b && q.Kind == QuantityKind.Count && q.Value != a.Value).SelectMany(q => q.Nouns).ToHashSet(StringComparer.Ordinal);
        var line = source.Tokens[b.First].Sentence;
        if (a.Kind == QuantityKind.Count && a.Nouns.Any(n => !taken.Contains(n) && source.Tokens.Any(t => t.Sentence == line && t.Content && t.Key == n && Math.Abs(IndexOf(t, source) - b.First) <= 12))
            && !a.Nouns.Any(n => b.Nouns.Any(m => lexicon.AreContrasts(n, m)))) return true;
        if (a.Kind == QuantityKind.Ordinal) return a.Nouns.Any(n => source.ByKey.ContainsKey(n)) || !a.Nouns.Any(n => Known(n));
        // A word that the lists do not know may well be another name of the same thing; VG01 weighs it.
        return !a.Nouns.Any(n => Known(n) || source.ByKey.ContainsKey(n));

        bool Covers(string n, string m) => n == m || lexicon.AreSynonyms(n, m) || lexicon.IsBroader(n, m);
        bool Known(string n) => lexicon.SynonymGroups(n).Length > 0 || lexicon.Contrasts(n).Length > 0;
        static bool IsTotal(Quantity q, AnalysedText text) => q.First > 1 && text.Tokens[q.First - 1].Text is "of" or "the" && Enumerable.Range(1, 3).Any(k => q.First - k >= 0 && text.Tokens[q.First - k].Number);
        static bool IsPartOf(Quantity q, AnalysedText text) => q.Last + 1 < text.Tokens.Length && text.Tokens[q.Last + 1].Text is "of";
        static bool IsGroupSize(Quantity q, AnalysedText text) => q.First > 0 && text.Tokens[q.First - 1].Text is "of"
            && (q.Nouns.Count == 0 || (q.First > 1 && q.Nouns[0] == text.Tokens[q.First - 2].Key));
        static int IndexOf(AnalysedToken token, AnalysedText text) => Array.IndexOf(text.Tokens, token);
    }

    /// <summary>How many content words near the number are near it in the source as well.</summary>
    private static int Context(Quantity a, Quantity b, AnalysedText sentence, AnalysedText source, GroundingLexicon lexicon)
    {
        var here = Near(sentence, a, 5);
        var there = Near(source, b, 6);
        return here.Count(n => there.Any(m => lexicon.AreSynonyms(n, m)));

        static List<string> Near(AnalysedText text, Quantity q, int reach) =>
            [.. text.Tokens.Skip(Math.Max(0, q.First - reach)).Take(q.Last - q.First + 1 + (2 * reach))
                .Where(t => t.Content && t.Sentence == text.Tokens[q.First].Sentence).Select(t => t.Key).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The number of the source that the sentence's words really stand beside, when it is another one.</summary>
    private static Quantity? Misplaced(Quantity quantity, Quantity held, AnalysedText sentence, AnalysedText source, GroundingLexicon lexicon)
    {
        if (quantity.Kind is QuantityKind.Ordinal or QuantityKind.Decade or QuantityKind.Magnitude) return null;
        if (Exchanged(quantity, held, sentence, source, lexicon) is { } exchanged) return exchanged;
        var own = Context(quantity, held, sentence, source, lexicon);
        var rival = source.Quantities
            .Where(q => q.Kind == held.Kind && q.Unit == held.Unit && q.Value != held.Value && !sentence.Quantities.Any(s => s.Kind == q.Kind && s.Value == q.Value))
            .Select(q => (Quantity: q, Shared: Context(quantity, q, sentence, source, lexicon)))
            .OrderByDescending(p => p.Shared).FirstOrDefault();
        return rival.Quantity is not null && rival.Shared >= own + 2 && own <= 1 ? rival.Quantity : null;
    }

    /// <summary>Two numbers of the sentence that stand in each other's place: "£2.4m to 180 projects, which raised £1.4m".</summary>
    private static Quantity? Exchanged(Quantity quantity, Quantity held, AnalysedText sentence, AnalysedText source, GroundingLexicon lexicon)
    {
        foreach (var other in sentence.Quantities)
        {
            if (other == quantity || other.Kind != quantity.Kind || other.Unit != quantity.Unit || other.Value == quantity.Value) continue;
            var its = source.Quantities.Where(q => q.Kind == held.Kind && q.Unit == held.Unit && q.Value == other.Value).OrderByDescending(q => Beside(other, q, sentence, source, lexicon)).FirstOrDefault();
            if (its is null) continue;
            var straight = Beside(quantity, held, sentence, source, lexicon) + Beside(other, its, sentence, source, lexicon);
            var crossed = Beside(quantity, its, sentence, source, lexicon) + Beside(other, held, sentence, source, lexicon);
            if (crossed >= straight + 2) return its;
        }

        return null;
    }

    /// <summary>Words and numbers right beside both, the side counted: "from nine" is not "to nine".</summary>
    private static int Beside(Quantity a, Quantity b, AnalysedText sentence, AnalysedText source, GroundingLexicon lexicon)
    {
        return Side(a.First - 1, -1, b.First - 1) + Side(a.Last + 1, 1, b.Last + 1);

        int Side(int i, int step, int j)
        {
            var here = Take(sentence, i, step, sentence.Tokens[a.First].Sentence);
            var there = Take(source, j, step, source.Tokens[b.First].Sentence);
            return here.Count(t => there.Any(u => t.Text == u.Text || (t.Content && Contradictions.Same(t, u, lexicon))));
        }

        static List<AnalysedToken> Take(AnalysedText text, int i, int step, int line)
        {
            var taken = new List<AnalysedToken>();
            for (var k = 0; k < 6 && i >= 0 && i < text.Tokens.Length && text.Tokens[i].Sentence == line && taken.Count < 3; k++, i += step)
            {
                if (text.Tokens[i].Content || text.Tokens[i].Number || text.Tokens[i].Text is "from" or "to" or "by") taken.Add(text.Tokens[i]);
            }

            return taken;
        }
    }

    /// <summary>"One library" contradicts "three libraries"; alone it is as often an article.</summary>
    private static bool Contradicted(Quantity quantity, AnalysedText source, GroundingLexicon lexicon) =>
        source.Quantities.Any(q => q.Kind == QuantityKind.Count && q.Value != 1 && quantity.Nouns.Any(n => q.Nouns.Contains(n)));

    private static bool IsDerived(Quantity quantity, AnalysedText source)
    {
        var values = source.Quantities.Where(q => q.Kind == quantity.Kind && q.Unit == quantity.Unit).Select(q => q.Value).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            for (var j = 0; j < values.Length; j++)
            {
                if (i != j && (values[i] + values[j] == quantity.Value || values[i] - values[j] == quantity.Value)) return true;
            }
        }

        return false;
    }

    private static Quantity? Nearest(Quantity quantity, AnalysedText source) =>
        source.Quantities.Where(q => q.Kind == quantity.Kind || (quantity.Kind == QuantityKind.Year && q.Kind == QuantityKind.Date) || (quantity.Kind is QuantityKind.Count or QuantityKind.Measure && q.Kind is QuantityKind.Count or QuantityKind.Measure))
            .OrderBy(q => q.Unit == quantity.Unit ? 0 : 1).ThenBy(q => Math.Abs(q.Value - quantity.Value)).ThenBy(q => q.Span.Start).FirstOrDefault();
}
