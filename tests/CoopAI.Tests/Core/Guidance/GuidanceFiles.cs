using System.Text.Json;
using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance;

/// <summary>The shipped framework and rule cases, loaded once.</summary>
internal static class GuidanceFiles
{
    private static readonly Lazy<GuidanceFramework> Loaded = new(() => PromptFiles.Guidance(PathOf("prompts", "guidance")));

    public static GuidanceFramework Framework => Loaded.Value;

    public static GuidanceRunner Runner { get; } = new(Framework);

    public static RuleCaseEvaluator Evaluator { get; } = new(Runner, new DateOnly(2026, 6, 1));

    public static string PathOf(params string[] parts)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "CoopAI.sln"))) return Path.Combine([at.FullName, .. parts]);
        }

        throw new DirectoryNotFoundException("CoopAI.sln was not found above the tests.");
    }

    public static IReadOnlyList<RuleCase> Cases(string file) =>
        [.. File.ReadLines(PathOf("evals", "guidance", file)).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<RuleCase>(l, CoopJson.Options)!)];

    /// <summary>The results of some rules on a text.</summary>
    public static GuidanceOutcome Run(Stage stage, string text, params string[] rules) => Runner.Run(
        stage == Stage.Retrieved
            ? new RuleContext { Stage = stage, Passages = [new RulePassage("P1", text)], AsOf = new DateOnly(2026, 6, 1) }
            : new RuleContext { Stage = stage, Text = text, AsOf = new DateOnly(2026, 6, 1) },
        rules.Length == 0 ? null : rules);
}
