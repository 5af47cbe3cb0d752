namespace CoopAI.Core.Tagging.Learning;

/// <summary>A share with its 95% interval; null where it is 0/0.</summary>
public sealed record Rate(double? Value, double? Low, double? High);

/// <summary>Pairs of text and principle whose probability lies in one tenth: if the tagger is calibrated, the share that is right is near the mean probability.</summary>
public sealed record ReliabilityRow(double From, double To, int Pairs, double? MeanProbability, double? ShareRight);

/// <summary>How right the tagger is about one principle, on texts it had not seen.</summary>
/// <param name="Support">Texts that evidence it.</param>
/// <param name="Known">Texts whose truth is known.</param>
/// <param name="Precision">Of the given tags, the right ones. "Unsure" is no given tag.</param>
/// <param name="Recall">Of the right tags, the given ones.</param>
/// <param name="Given">Texts to which the tag was given.</param>
/// <param name="Found">Of these, the right ones.</param>
public sealed record PrincipleAccuracy(string Id, int Support, int Known, Rate Precision, Rate Recall, Rate F1, int Given = 0, int Found = 0)
{
    private const int Draws = 1000;

    /// <summary>Figures per principle; intervals from a seeded bootstrap over predictions.</summary>
    public static IReadOnlyList<PrincipleAccuracy> Of(IReadOnlyList<HeldOutSuggestion> runs, IReadOnlyList<string> ids, int seed)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(ids);
        return [.. ids.Select(id =>
        {
            var pairs = runs.Where(r => r.Example.Labels.ContainsKey(id))
                .Select(r => (Right: r.Example.Labels[id], Given: r.Suggestion.Tags.First(t => t.Id == id).Decision is TagDecision.Yes)).ToArray();
            var random = new Random(seed);
            var draws = Enumerable.Range(0, Draws).Select(_ => Counts(Enumerable.Range(0, pairs.Length).Select(_ => pairs[random.Next(pairs.Length)]))).ToList();
            var counts = Counts(pairs);
            return new PrincipleAccuracy(
                id, pairs.Count(p => p.Right), pairs.Length, Interval(counts, draws, c => Ratio(c.Both, c.Given)), Interval(counts, draws, c => Ratio(c.Both, c.Right)),
                Interval(counts, draws, c => Ratio(2 * c.Both, c.Given + c.Right)), counts.Given, counts.Both);
        })];
    }

    /// <summary>Mean squared difference of probability and truth over all known pairs; 0 is best.</summary>
    public static double Brier(IReadOnlyList<HeldOutSuggestion> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var errors = runs.SelectMany(r => r.Suggestion.Tags.Where(t => r.Example.Labels.ContainsKey(t.Id)).Select(t => Math.Pow(t.Probability - (r.Example.Labels[t.Id] ? 1 : 0), 2))).ToList();
        return errors.Count == 0 ? 0 : errors.Average();
    }

    /// <summary>Promised against observed: ten bins of equal width over all known pairs.</summary>
    public static IReadOnlyList<ReliabilityRow> Reliability(IReadOnlyList<HeldOutSuggestion> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var bins = runs.SelectMany(r => r.Suggestion.Tags.Where(t => r.Example.Labels.ContainsKey(t.Id)).Select(t => (t.Probability, Right: r.Example.Labels[t.Id])))
            .ToLookup(p => Math.Min((int)(10 * p.Probability), 9));
        return [.. Enumerable.Range(0, 10).Select(b => bins[b].ToList() is { Count: > 0 } pairs
            ? new ReliabilityRow(b / 10.0, (b + 1) / 10.0, pairs.Count, pairs.Average(p => p.Probability), pairs.Average(p => p.Right ? 1.0 : 0))
            : new ReliabilityRow(b / 10.0, (b + 1) / 10.0, 0, null, null))];
    }

    private static (int Both, int Given, int Right) Counts(IEnumerable<(bool Right, bool Given)> pairs)
    {
        var (both, given, right) = (0, 0, 0);
        foreach (var pair in pairs)
        {
            both += pair is { Right: true, Given: true } ? 1 : 0;
            given += pair.Given ? 1 : 0;
            right += pair.Right ? 1 : 0;
        }

        return (both, given, right);
    }

    private static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;

    private static Rate Interval((int, int, int) counts, List<(int, int, int)> draws, Func<(int Both, int Given, int Right), double?> figure)
    {
        var drawn = draws.Select(d => figure(d)).OfType<double>().Order().ToList();
        return new(figure(counts), drawn.Count == 0 ? null : drawn[(int)(0.025 * (drawn.Count - 1))], drawn.Count == 0 ? null : drawn[(int)Math.Ceiling(0.975 * (drawn.Count - 1))]);
    }
}
