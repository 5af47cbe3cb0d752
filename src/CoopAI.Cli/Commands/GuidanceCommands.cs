using System.CommandLine;
using System.Text;
using System.Text.Json;
using CoopAI.Adapters;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai guidance list</c> and <c>coopai guidance check</c>.</summary>
internal static class GuidanceCommands
{
    /// <summary>Largest text to check, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return new Command("guidance", "The values guidance: twenty rules as data.")
        {
            GuidanceListCommand.Create(environment), GuidanceCheckCommand.Create(environment), GuidanceReplayCommand.Create(environment), GuidanceAdoptCommand.Create(environment),
        };
    }

    /// <summary>What the rules made of one text.</summary>
    /// <param name="By">Rules that stop it.</param>
    internal sealed record CheckedText(
        string Text, bool Stopped, IReadOnlyList<string> By, string? Reply, IReadOnlyList<RuleResult> Results, IReadOnlyList<string> AddedLines, string? Redacted)
    {
        public static CheckedText Of(string text, GuidanceOutcome outcome)
        {
            var by = outcome.Results.Where(r => r.Action is RuleAction.Block or RuleAction.Quarantine or RuleAction.Withhold or RuleAction.Redact).Select(r => r.Rule).Distinct(StringComparer.Ordinal).ToArray();
            var redacted = outcome.Redactions.Count == 0 ? null : outcome.Stage == Stage.Answer ? string.Join(' ', outcome.Sentences.Select(s => s.Text)) : string.Join('\n', outcome.Passages.Where(p => p.Id == "text").Select(p => p.Text));
            // A text with personal data is not printed back.
            return new CheckedText(outcome.HoldsPersonalData && by.Length > 0 ? redacted ?? "[held: personal data]" : text, by.Length > 0, by, outcome.Reply, outcome.Results, [.. outcome.AddedLines.Select(l => l.Text)], redacted);
        }
    }

    internal static Option<DirectoryInfo?> Folder() => new("--guidance") { Description = "Another folder of rules than those in force, to try a change.", HelpName = "DIR" };

    /// <summary>A folder's rules as they stand there; otherwise the rules in force, with what people adopted in the browser.</summary>
    /// <remarks>Looking makes no database where there is none.</remarks>
    internal static GuidanceFramework Load(CommandContext context, DirectoryInfo? folder) =>
        folder is not null || !File.Exists(Path.Combine(context.DataDirectory, CoopDatabase.FileName)) ? PromptFiles.Guidance(folder?.FullName) : context.Get<GuidanceFramework>();

    internal static string Name(string file) => file == "-" ? "Standard input" : file;

    internal static void Print(TextWriter output, CheckedText text, bool many)
    {
        if (many) output.WriteLine(text.Text.ReplaceLineEndings(" "));
        foreach (var result in text.Results)
        {
            var mark = result.Status switch { RuleStatus.Pass => "pass", RuleStatus.Fail => "FAIL", RuleStatus.NotApplicable => "n/a", _ => "could not check" };
            if (many && result.Status is RuleStatus.Pass or RuleStatus.NotApplicable) continue;
            output.WriteLine($"  {result.Rule}  {mark,-6} {result.Explanation}{(result.Action == RuleAction.None ? "" : $" [{result.Action.ToString().ToLowerInvariant()}]")}");
            if (result.Status == RuleStatus.Fail) foreach (var evidence in result.Evidence) output.WriteLine($"         {evidence.Text}");
        }

        output.WriteLine(text.Stopped ? $"  stopped by {string.Join(", ", text.By)}" : "  not stopped");
        if (text.Redacted is not null) output.WriteLine($"  shown as: {text.Redacted}");
        if (text.Reply is not null) output.WriteLine($"  reply: {text.Reply}");
    }

    internal static void Print(TextWriter output, GuidanceFramework framework)
    {
        output.WriteLine($"{framework.Version}");
        output.WriteLine($"Election dates: {(framework.ElectionDates.Count > 0 ? $"{framework.ElectionDates.Count} rows" : "dates not loaded")}");
        foreach (var rule in framework.Rules)
        {
            output.WriteLine();
            output.WriteLine($"{rule.Id}  {rule.Name}{(rule.On ? "" : $"  (off: {rule.OffReason})")}");
            output.WriteLine($"      {rule.Severity}; {string.Join(", ", rule.Stages.Select(s => s.ToString().ToLowerInvariant()))}; {string.Join("; ", rule.OnFail.Select(f => $"{f.Key}: {string.Join(", then ", f.Value.Select(v => v.ToString().ToLowerInvariant()))}"))}");
            output.WriteLine($"      {rule.How}");
            output.WriteLine($"      From: {string.Join("; ", rule.FromCcin.Concat(rule.FromOutside.Select(o => o.Name)))}");
        }
    }
}
