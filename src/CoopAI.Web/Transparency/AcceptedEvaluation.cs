using System.Text.Json;
using CoopAI.Core;

namespace CoopAI.Web.Transparency;

/// <summary>The last evaluation that was accepted, as it ships beside the program.</summary>
public sealed class AcceptedEvaluation
{
    /// <param name="path">A file of the form of <c>evals/accepted.json</c>; missing: no figures.</param>
    /// <exception cref="BadInputException">The file is not of that form.</exception>
    public AcceptedEvaluation(string path)
    {
        if (!File.Exists(path))
        {
            Figures = [];
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            Figures = [.. json.RootElement.GetProperty("suites").EnumerateArray().SelectMany(Read)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BadInputException($"{path} is not an accepted evaluation: {e.Message} Write it again with coopai eval all --accept.", e);
        }
    }

    /// <summary>Where the build puts it.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "evals", "accepted.json");

    /// <summary>One mean a metric, in the file's order.</summary>
    public IReadOnlyList<TransparencyFigure> Figures { get; }

    private static IEnumerable<TransparencyFigure> Read(JsonElement suite) =>
        from metric in suite.GetProperty("items").EnumerateObject()
        let values = metric.Value.EnumerateObject().Select(v => v.Value.GetDouble()).ToList()
        where values.Count > 0
        select new TransparencyFigure(suite.GetProperty("name").GetString()!, metric.Name, Math.Round(values.Average(), 4), values.Count);
}
