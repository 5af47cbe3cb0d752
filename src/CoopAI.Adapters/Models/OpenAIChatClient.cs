using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace CoopAI.Adapters.Models;

/// <summary>A chat model at an OpenAI-compatible endpoint: text in, text out. Tools and pictures are not passed on. Thread-safe.</summary>
public sealed class OpenAIChatClient : IChatClient
{
    private readonly OpenAIEndpoint _endpoint;
    private readonly ChatClient _client;
    private readonly ChatClientMetadata _metadata;

    /// <param name="options">Valid options with the provider OpenAI.</param>
    /// <param name="time">Measures the time-out.</param>
    public OpenAIChatClient(ModelOptions.ChatOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _endpoint = new OpenAIEndpoint(options, "Chat", time);
        _client = new ChatClient(_endpoint.Model, _endpoint.Key, _endpoint.Client);
        _metadata = new ChatClientMetadata("OpenAI", _endpoint.Address, _endpoint.Model);
    }

    /// <summary>The whole answer at once.</summary>
    /// <exception cref="ModelServiceException">The endpoint gave no usable answer.</exception>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, Microsoft.Extensions.AI.ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _endpoint.AskAsync(
            async ct =>
            {
                var completion = (await _client.CompleteChatAsync(Messages(messages), Options(options), ct).ConfigureAwait(false)).Value;
                return new ChatResponse(new ChatMessage(ChatRole.Assistant, Text(completion.Content)))
                {
                    ResponseId = completion.Id,
                    ModelId = completion.Model,
                    CreatedAt = completion.CreatedAt,
                    FinishReason = Reason(completion.FinishReason),
                    Usage = Usage(completion.Usage),
                };
            },
            cancellationToken);

    /// <summary>The answer in parts, as they come.</summary>
    /// <exception cref="ModelServiceException">The endpoint gave no usable answer, or broke off.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, Microsoft.Extensions.AI.ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var limit = _endpoint.Limit(cancellationToken);
        await using var parts = _client.CompleteChatStreamingAsync(Messages(messages), Options(options), limit.Token).GetAsyncEnumerator(limit.Token);
        var finished = false;
        while (await NextAsync(parts, cancellationToken).ConfigureAwait(false))
        {
            var part = parts.Current;
            finished |= part.FinishReason is not null;
            yield return new ChatResponseUpdate(ChatRole.Assistant, Text(part.ContentUpdate))
            {
                ResponseId = part.CompletionId,
                ModelId = part.Model,
                CreatedAt = part.CreatedAt,
                FinishReason = part.FinishReason is { } reason ? Reason(reason) : null,
            };
        }

        // A stream that stops without a reason was cut off; half an answer must not pass for a whole one.
        if (!finished) throw _endpoint.Translate(new EndOfStreamException("The stream ended without a finish reason."));
    }

    object? IChatClient.GetService(Type serviceType, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    void IDisposable.Dispose()
    {
        // The client shares its connections with the whole process.
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<StreamingChatCompletionUpdate> parts, CancellationToken cancellationToken)
    {
        try
        {
            return await parts.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw _endpoint.Translate(e);
        }
    }

    private static List<OpenAI.Chat.ChatMessage> Messages(IEnumerable<ChatMessage> messages) =>
        [.. messages.Select(m => m.Role == ChatRole.System ? new SystemChatMessage(m.Text)
            : m.Role == ChatRole.Assistant ? new AssistantChatMessage(m.Text)
            : (OpenAI.Chat.ChatMessage)new UserChatMessage(m.Text))];

    private static ChatCompletionOptions Options(Microsoft.Extensions.AI.ChatOptions? options) => new()
    {
        Temperature = options?.Temperature,
        TopP = options?.TopP,
        MaxOutputTokenCount = options?.MaxOutputTokens,
        ResponseFormat = options?.ResponseFormat is ChatResponseFormatJson ? OpenAI.Chat.ChatResponseFormat.CreateJsonObjectFormat() : null,
    };

    private static string Text(ChatMessageContent content) => string.Concat(content.Select(p => p.Text));

    private static ChatFinishReason Reason(OpenAI.Chat.ChatFinishReason reason) => reason switch
    {
        OpenAI.Chat.ChatFinishReason.Length => ChatFinishReason.Length,
        OpenAI.Chat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        OpenAI.Chat.ChatFinishReason.ToolCalls or OpenAI.Chat.ChatFinishReason.FunctionCall => ChatFinishReason.ToolCalls,
        _ => ChatFinishReason.Stop,
    };

    private static UsageDetails? Usage(ChatTokenUsage? usage) => usage is null ? null
        : new UsageDetails { InputTokenCount = usage.InputTokenCount, OutputTokenCount = usage.OutputTokenCount, TotalTokenCount = usage.TotalTokenCount };
}
