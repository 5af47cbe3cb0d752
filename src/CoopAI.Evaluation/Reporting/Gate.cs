using System.Globalization;
using System.Text.Json;
using CoopAI.Core;

namespace CoopAI.Evaluation.Reporting;

/// <summary>What a figure must reach.</summary>
/// <param name="Min">At least this, or null.</param>
/// <param name="Max">At most this, or null.</param>
/// <param name="Reason">Why this number, in one sentence.</param>
public sealed record Threshold(string Suite, string Metric, double? Min, double? Max, string Reason);

/// <param name="Met">False also when the figure was not measured: a gate that could not be checked is shut.</param>
public sealed record GateResult(Threshold Threshold, Figure Figure, bool Met);

/// <summary>Holds a report against <c>thresholds.json</c>.</summary>
public static class Gate
{
    private sealed record ThresholdFile(IReadOnlyList<Threshold> Thresholds);

    /// <summary>Reads <c>{"thresholds":[{"suite","metric","min"|"max","reason"}]}</c>.</summary>
    /// <exception cref="EvaluationInputException">The file is missing or no such JSON; a threshold has no reason, or not exactly one of min and max, or comes twice.</exception>
    public static IReadOnlyList<Threshold> Read(string path)
    {
        var lines = string.Join('\n', Files.TextLines.Read(path).Select(l => l.Text));
        IReadOnlyList<Threshold> thresholds;
        try
        {
            thresholds = JsonSerializer.Deserialize<ThresholdFile>(lines, CoopJson.Options)?.Thresholds
                ?? throw new EvaluationInputException(path, null, "there is no list \"thresholds\".");
        }
        catch (JsonException e)
        {
            throw new EvaluationInputException(path, null, $"this is not {{\"thresholds\":[…]}} ({e.Message})", e);
        }

        var seen = new HashSet<(string, string)>();
        foreach (var t in thresholds)
        {
            var name = $"the threshold for {t.Suite}, {t.Metric}";
            if (string.IsNullOrWhiteSpace(t.Suite) || string.IsNullOrWhiteSpace(t.Metric)) throw new EvaluationInputException(path, null, "each threshold names a \"suite\" and a \"metric\".");
            if (t.Min is null == t.Max is null) throw new EvaluationInputException(path, null, $"{name} needs either \"min\" or \"max\".");
            if (string.IsNullOrWhiteSpace(t.Reason)) throw new EvaluationInputException(path, null, $"{name} needs a \"reason\".");
            if (!seen.Add((t.Suite, t.Metric))) throw new EvaluationInputException(path, null, $"{name} comes twice.");
        }

        return thresholds;
    }

    /// <summary>Checks the thresholds of those suites that ran.</summary>
    public static IReadOnlyList<GateResult> Check(IReadOnlyList<Threshold> thresholds, IReadOnlyList<SuiteReport> suites)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        return [.. thresholds
            .Select(t => (Threshold: t, Suite: suites.FirstOrDefault(s => s.Name == t.Suite)))
            .Where(t => t.Suite is not null)
            .Select(t => (t.Threshold, Figure: t.Suite!.Figure(t.Threshold.Metric)))
            .Select(t => new GateResult(t.Threshold, t.Figure,
                t.Figure is Figure.Measured m && (t.Threshold.Min is not { } min || m.Value >= min) && (t.Threshold.Max is not { } max || m.Value <= max)))];
    }

    /// <summary>One plain sentence.</summary>
    public static string Say(GateResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var (t, figure, met) = result;
        var wanted = t.Min is { } min ? string.Create(CultureInfo.InvariantCulture, $"at least {min}") : string.Create(CultureInfo.InvariantCulture, $"at most {t.Max}");
        return $"{t.Suite}, {t.Metric}: {ReportText.Of(figure)}; wanted {wanted}. {(met ? "Met." : "MISSED.")}";
    }
}
