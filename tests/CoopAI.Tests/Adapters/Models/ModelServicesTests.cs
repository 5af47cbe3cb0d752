using CoopAI.Adapters.Models;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoopAI.Tests.Adapters.Models;

public sealed class ModelServicesTests
{
    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Models:" + s.Key, (string?)s.Value))).Build();
        return new ServiceCollection().AddSingleton(TimeProvider.System).AddModels(configuration).BuildServiceProvider();
    }

    [Fact]
    public void Without_settings_texts_are_embedded_on_this_machine_and_no_chat_model_is_there()
    {
        using var services = Services();

        var generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        Assert.IsType<OnnxEmbeddingGenerator>(generator);
        Assert.Equal(1, generator.PieceCounter()!("council"));
        Assert.Null(services.GetService<IChatClient>());
        Assert.Equal(new EncoderIdentity("snowflake-arctic-embed-xs", 384), services.GetRequiredService<EncoderIdentity>());
    }

    [Fact]
    public void Configured_endpoints_are_used()
    {
        using var services = Services(
            ("Embedding:Provider", "OpenAI"), ("Embedding:Endpoint", "http://localhost:9/v1"), ("Embedding:Model", "m"), ("Embedding:Dimensions", "8"),
            ("Chat:Provider", "OpenAI"), ("Chat:Model", "c"), ("Chat:ApiKey", "k"), ("Chat:Timeout", "00:00:05"));

        Assert.IsType<OpenAIEmbeddingGenerator>(services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.IsType<OpenAIChatClient>(services.GetRequiredService<IChatClient>());
        Assert.Equal(new EncoderIdentity("openai:m", 8), services.GetRequiredService<EncoderIdentity>());
        Assert.Equal(TimeSpan.FromSeconds(5), services.GetRequiredService<ModelOptions>().Chat.Timeout);
    }

    [Theory]
    [InlineData("Embedding:Model", "Embedding:Provider=OpenAI;Embedding:Endpoint=http://localhost:9/v1;Embedding:Dimensions=8")]
    [InlineData("Embedding:Dimensions", "Embedding:Provider=OpenAI;Embedding:Endpoint=http://localhost:9/v1;Embedding:Model=m")]
    [InlineData("Embedding:Dimensions", "Embedding:Dimensions=256")]
    [InlineData("Embedding:ApiKey", "Embedding:Provider=OpenAI;Embedding:Model=m;Embedding:Dimensions=8")]
    [InlineData("Embedding:Endpoint", "Embedding:Provider=OpenAI;Embedding:Model=m;Embedding:Dimensions=8;Embedding:Endpoint=ftp://localhost/v1")]
    [InlineData("Embedding:Endpoint", "Embedding:Provider=OpenAI;Embedding:Model=m;Embedding:Dimensions=8;Embedding:Endpoint=http://user:word@localhost/v1")]
    [InlineData("Embedding:Endpoint", "Embedding:Provider=OpenAI;Embedding:Model=m;Embedding:Dimensions=8;Embedding:ApiKey=k;Embedding:Endpoint=http://models.example/v1")]
    [InlineData("Embedding:BatchSize", "Embedding:BatchSize=0")]
    [InlineData("Chat:Model", "Chat:Provider=OpenAI;Chat:ApiKey=k")]
    [InlineData("Chat:Timeout", "Chat:Provider=OpenAI;Chat:ApiKey=k;Chat:Model=c;Chat:Timeout=00:20:00")]
    [InlineData("Chat:Retries", "Chat:Provider=OpenAI;Chat:ApiKey=k;Chat:Model=c;Chat:Retries=11")]
    public void A_wrong_setting_is_named(string setting, string settings)
    {
        using var services = Services([.. settings.Split(';').Select(s => s.Split('=', 2)).Select(s => (s[0], s[1]))]);

        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<ModelOptions>);

        Assert.Contains("Models:" + setting, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_setting_is_an_error()
    {
        using var services = Services(("Embedding:Modell", "m"));

        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<ModelOptions>);

        Assert.Contains("Modell", error.Message, StringComparison.Ordinal);
    }
}
