using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using Microsoft.Extensions.AI;

namespace CoopAI.Orchestration.Asking;

/// <summary>Asks a chat model for sentences with citations. The model has no tools, and sees sources as quoted data only.</summary>
/// <param name="instructions">Text of <c>prompts/answer.md</c>.</param>
/// <param name="timeout">After this the model counts as failed.</param>
public sealed class ChatComposer(IChatClient client, string model, string instructions, TimeSpan timeout, AnsweringOptions options) : IAnswerComposer
{
    /// <summary>Sentences taken from one reply at most.</summary>
    public const int MaxSentences = 12;

    public string Name => "chat";

    public string Model => model;

    public string PromptHash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(instructions)));

    public bool CanRetry => true;

    public async Task<IReadOnlyList<DraftSentence>> ComposeAsync(Question question, IReadOnlyList<Source> sources, IReadOnlyList<string> faults, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(question);
        var passages = sources.Take(options.Precedents).SelectMany(s => s.Passages.Select(p => (s.CaseStudy, p.Passage)))
            .Select((p, i) => (Mark: FormattableString.Invariant($"S{i + 1}"), p.CaseStudy, p.Passage)).ToList();
        var message = JsonSerializer.Serialize(
            new
            {
                question = question.Text,
                faultsOfYourLastDraft = faults,
                passages = passages.Select(p => new
                {
                    id = p.Mark,
                    title = p.CaseStudy.Title,
                    council = p.CaseStudy.LeadMember ?? "not stated",
                    year = p.CaseStudy.Year?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "undated",
                    text = p.Passage.Text,
                }),
            }, CoopJson.Indented);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        try
        {
            var reply = await client.GetResponseAsync(
                [new ChatMessage(ChatRole.System, instructions), new ChatMessage(ChatRole.User, message)],
                new ChatOptions { Temperature = 0, ResponseFormat = ChatResponseFormat.Json }, limit.Token);
            return Parse(reply.Text, passages.ToDictionary(p => p.Mark, p => p.Passage, StringComparer.OrdinalIgnoreCase));
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ComposerException($"The chat model did not answer within {timeout.TotalSeconds:0} seconds.", e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ComposerException))
        {
            throw new ComposerException($"The chat model failed ({e.GetType().Name}).", e);
        }
    }

    private static List<DraftSentence> Parse(string reply, Dictionary<string, Passage> passages)
    {
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

    private sealed record Reply(IReadOnlyList<ReplySentence>? Sentences);

    private sealed record ReplySentence(string? Text, IReadOnlyList<string>? Cites);
}
