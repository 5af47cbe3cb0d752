using System.Text.Json;
using CoopAI.Adapters.Models;
using Microsoft.Extensions.AI;
using static CoopAI.Tests.Adapters.Models.RecordedEndpoint;

namespace CoopAI.Tests.Adapters.Models;

public sealed class OpenAIChatClientTests
{
    private const string Completion = """
        {"id":"c1","object":"chat.completion","created":1767225600,"model":"small-chat","choices":[{"index":0,"message":{"role":"assistant","content":"Two councils did."},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":4,"total_tokens":15}}
        """;

    private static readonly ChatMessage[] Messages = [new(ChatRole.System, "Cite."), new(ChatRole.User, "Who did?"), new(ChatRole.Assistant, "When?"), new(ChatRole.User, "Ever.")];

    private static OpenAIChatClient Client(RecordedEndpoint endpoint, TimeSpan? timeout = null) =>
        new(new ModelOptions.ChatOptions { Provider = ChatProvider.OpenAI, Endpoint = endpoint.Address, Model = "small-chat", Timeout = timeout ?? TimeSpan.FromSeconds(20), Retries = 0 }, TimeProvider.System);

    private static string Part(string text, string reason = "null") =>
        $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1767225600,"model":"small-chat","choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":{{reason}}}]}""" + "\n\n";

    private static Reply Stream(params string[] parts) => new(200, string.Concat(parts), "text/event-stream");

    private static async Task<string> Read(OpenAIChatClient client)
    {
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync(Messages, cancellationToken: TestContext.Current.CancellationToken)) text += update.Text;
        return text;
    }

    [Fact]
    public async Task An_answer_comes_with_its_model_reason_and_usage()
    {
        await using var endpoint = new RecordedEndpoint(new Reply(200, Completion));

        var answer = await Client(endpoint).GetResponseAsync(Messages, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Two councils did.", answer.Text);
        Assert.Equal("small-chat", answer.ModelId);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(15, answer.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Roles_and_options_are_passed_on()
    {
        await using var endpoint = new RecordedEndpoint(new Reply(200, Completion));
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 200, ResponseFormat = ChatResponseFormat.Json };

        await Client(endpoint).GetResponseAsync(Messages, options, TestContext.Current.CancellationToken);

        var (head, body) = Assert.Single(endpoint.Requests);
        using var json = JsonDocument.Parse(body);
        Assert.StartsWith("POST /v1/chat/completions", head, StringComparison.Ordinal);
        Assert.Equal(["system", "user", "assistant", "user"], json.RootElement.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("role").GetString()!));
        Assert.Equal("small-chat", json.RootElement.GetProperty("model").GetString());
        Assert.Equal(0, json.RootElement.GetProperty("temperature").GetDouble());
        Assert.Equal(200, json.RootElement.GetProperty("max_completion_tokens").GetInt32());
        Assert.Equal("json_object", json.RootElement.GetProperty("response_format").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(401, ModelServiceFault.Unauthorised)]
    [InlineData(429, ModelServiceFault.TooManyRequests)]
    [InlineData(500, ModelServiceFault.Away)]
    public async Task An_error_is_named_whole_or_in_parts(int status, ModelServiceFault fault)
    {
        await using var endpoint = new RecordedEndpoint(new Reply(status, """{"error":{"message":"no"}}"""));

        var whole = await Assert.ThrowsAsync<ModelServiceException>(() => Client(endpoint).GetResponseAsync(Messages, cancellationToken: TestContext.Current.CancellationToken));
        var parts = await Assert.ThrowsAsync<ModelServiceException>(() => Read(Client(endpoint)));

        Assert.Equal(fault, whole.Fault);
        Assert.Equal(fault, parts.Fault);
    }

    [Fact]
    public async Task A_slow_endpoint_is_given_up_after_the_time_set()
    {
        await using var endpoint = new RecordedEndpoint(new Reply(200, Completion, Delay: TimeSpan.FromMinutes(1)));

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Client(endpoint, TimeSpan.FromMilliseconds(200)).GetResponseAsync(Messages, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(ModelServiceFault.TimedOut, error.Fault);
    }

    [Fact]
    public async Task A_half_written_answer_is_an_error()
    {
        await using var endpoint = new RecordedEndpoint(new Reply(200, Completion, CutAfter: 100));

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Client(endpoint).GetResponseAsync(Messages, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(ModelServiceFault.Away, error.Fault);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":"c1","choices":[]}""")]
    [InlineData("nothing of the kind")]
    public async Task Something_else_than_a_completion_is_refused(string body)
    {
        await using var endpoint = new RecordedEndpoint(new Reply(200, body));

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Client(endpoint).GetResponseAsync(Messages, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(ModelServiceFault.Malformed, error.Fault);
    }

    [Fact]
    public async Task A_streamed_answer_comes_in_parts()
    {
        await using var endpoint = new RecordedEndpoint(Stream(Part("Two "), Part("councils "), Part("did."), Part("", "\"stop\""), "data: [DONE]\n\n"));

        Assert.Equal("Two councils did.", await Read(Client(endpoint)));
    }

    [Fact]
    public async Task A_stream_that_stops_without_a_reason_is_an_error()
    {
        await using var endpoint = new RecordedEndpoint(Stream(Part("Two "), Part("councils ")));

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Read(Client(endpoint)));

        Assert.Equal(ModelServiceFault.Away, error.Fault);
    }

    [Fact]
    public async Task A_stream_with_a_broken_part_is_an_error()
    {
        await using var endpoint = new RecordedEndpoint(Stream(Part("Two "), "data: {\"id\":\n\n"));

        await Assert.ThrowsAsync<ModelServiceException>(() => Read(Client(endpoint)));
    }
}
