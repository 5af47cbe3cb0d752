using System.Text.Json;
using CoopAI.Core.Guidance.Learning;

namespace CoopAI.TrainGuidance;

/// <summary>A question of the training.</summary>
/// <param name="Voice">Who speaks; "earlier" for the cases from before voices were kept, "ordinary" for questions of the retrieval data.</param>
/// <param name="Rule">VG07, VG08, VG10 or any: the rule that the case is about.</param>
/// <param name="Fails">Whether that rule must object.</param>
internal sealed record Example(string Id, string Text, string Voice, string Rule, bool Fails)
{
    public const string Earlier = "earlier";
    public const string Ordinary = "ordinary";
    public const string Everyday = "everyday";

    /// <summary>In other languages the lists decide, so these are neither learnt from nor measured.</summary>
    public const string OtherLanguages = "other-languages";
}

internal static class Examples
{
    public static readonly string[] Rules = ["VG07", "VG08", "VG10"];

    private const int EverydayParts = 5;

    public static List<Example> Read(string evals, string? invented, QuestionFeatures features)
    {
        var examples = new List<Example>();
        foreach (var file in new[] { "cases.jsonl", "cases-second.jsonl", "cases-third.jsonl", "cases-voices.jsonl" })
        {
            foreach (var line in File.ReadLines(Path.Combine(evals, "guidance", file)).Where(l => l.Length > 0))
            {
                using var json = JsonDocument.Parse(line);
                var root = json.RootElement;
                var (rule, voice) = (Text(root, "rule"), root.TryGetProperty("voice", out var v) ? v.GetString()! : Example.Earlier);
                if (Text(root, "stage") != "question" || voice == Example.OtherLanguages || !(rule == "any" || Rules.Contains(rule))) continue;
                examples.Add(new Example(Text(root, "id"), Text(root, "text"), voice, rule, Text(root, "expect") == "fail"));
            }
        }

        // What officers type every day, in five parts that are held out one after the other. What the product does not judge by likeness is not learnt from: greetings,
        // a word or two, and e-mails, which are read without their senders first.
        foreach (var line in File.ReadLines(Path.Combine(evals, "trust", "everyday-messages.jsonl")).Where(l => l.Length > 0))
        {
            using var json = JsonDocument.Parse(line);
            var (root, text) = (json.RootElement, Text(json.RootElement, "text"));
            if (Text(root, "expect") != "answer" || Text(root, "kind") == "e-mail" || !QuestionClassifiers.HasContent(features.WordsOf(text))) continue;
            examples.Add(new Example(Text(root, "id"), text, $"{Example.Everyday}-{(examples.Count % EverydayParts) + 1}", "any", false));
        }

        string?[] ordinary = [Path.Combine(evals, "retrieval", "development.queries.jsonl"), Path.Combine(evals, "retrieval", "unanswerable.jsonl"), invented];
        foreach (var file in ordinary.OfType<string>())
        {
            foreach (var line in File.ReadLines(file).Where(l => l.Length > 0))
            {
                using var json = JsonDocument.Parse(line);
                examples.Add(new Example(Text(json.RootElement, "id"), Text(json.RootElement, "text"), Example.Ordinary, "any", false));
            }
        }

        return examples;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
