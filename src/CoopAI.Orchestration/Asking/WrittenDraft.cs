using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Verdicts;

namespace CoopAI.Orchestration.Asking;

/// <summary>The chat model that writes briefs.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Instructions">Text of <c>prompts/answer.md</c>.</param>
/// <param name="Timeout">After this the model counts as failed.</param>
public sealed record Writer(string Model, string Instructions, TimeSpan Timeout)
{
    /// <summary>How notices and records name it.</summary>
    public Composer Composer { get; } = new("chat", Model, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Instructions))));
}

/// <summary>What a chat model is told and what it replies. It sees sources as quoted data only.</summary>
internal static class WrittenDraft
{
    /// <summary>Sentences taken from one reply at most.</summary>
    public const int MaxSentences = 12;

    /// <summary>Name of the prompt's variable.</summary>
    public const string Message = "message";

    /// <summary>Question, passages and faults as one JSON object.</summary>
    /// <param name="faults">What was wrong with an earlier draft, in plain words; empty at the first.</param>
    public static string MessageFor(Question question, IEnumerable<Source> sources, IReadOnlyList<string> faults) => JsonSerializer.Serialize(
        new
        {
            question = question.Text,
            faultsOfYourLastDraft = faults,
            passages = Marked(sources).Select(p => new
            {
                id = p.Mark,
                title = p.CaseStudy.Title,
                council = p.CaseStudy.LeadMember ?? "not stated",
                year = p.CaseStudy.Year?.ToString(CultureInfo.InvariantCulture) ?? "undated",
                text = p.Passage.Text,
            }),
        }, CoopJson.Indented);

    /// <summary>A text as it stands inside a message.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text, CoopJson.Indented).Trim('"');

    /// <summary>The sentences of a reply.</summary>
    /// <param name="sources">As the message gave them.</param>
    /// <exception cref="ComposerException">The reply holds none.</exception>
    public static IReadOnlyList<DraftSentence> Read(string reply, IEnumerable<Source> sources)
    {
        var passages = Marked(sources).ToDictionary(p => p.Mark, p => p.Passage, StringComparer.OrdinalIgnoreCase);
        // Some models wrap JSON in a code fence or a sentence of their own.
        var (start, end) = (reply.IndexOf('{', StringComparison.Ordinal), reply.LastIndexOf('}'));
        if (start < 0 || end < start) throw new ComposerException("The chat model's reply holds no JSON object.");
        Reply? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize<Reply>(reply.AsSpan(start, end - start + 1), CoopJson.Options);
        }
        catch (JsonException e)
        {
            throw new ComposerException("The chat model's reply is not the JSON that was asked for.", e);
        }

        // A mark that was not offered stays as it is: the checks then find that it was not retrieved.
        var sentences = (parsed?.Sentences ?? []).Where(s => !string.IsNullOrWhiteSpace(s.Text)).Take(MaxSentences)
            .Select(s => new DraftSentence(
                s.Text!.Trim(), SentenceKind.Answer,
                [.. (s.Cites ?? []).Select(c => passages.TryGetValue(c.Trim('[', ']', ' '), out var p) ? p.Id : c).Distinct(StringComparer.Ordinal)]))
            .ToList();
        return sentences.Count > 0 ? sentences : throw new ComposerException("The chat model's reply holds no sentences.");
    }

    private static IEnumerable<(string Mark, CaseStudy CaseStudy, Passage Passage)> Marked(IEnumerable<Source> sources) =>
        sources.SelectMany(s => s.Passages.Select(p => (s.CaseStudy, p.Passage))).Select((p, i) => (FormattableString.Invariant($"S{i + 1}"), p.CaseStudy, p.Passage));

    private sealed record Reply(IReadOnlyList<ReplySentence>? Sentences);

    private sealed record ReplySentence(string? Text, IReadOnlyList<string>? Cites);
}
