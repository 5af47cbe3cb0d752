using CoopAI.Core.Retrieval;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Adapters.Models;

/// <summary>Registers the models that the configuration names.</summary>
public static class ModelServices
{
    /// <summary>An <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> with its <see cref="EncoderIdentity"/>, and an <see cref="IChatClient"/> when one is configured.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddChecked<ModelOptions>(configuration, ModelOptions.Section);
        services.AddSingleton(provider => provider.GetRequiredService<ModelOptions>().Embedding.Identity());
        services.AddSingleton(provider => CreateEmbeddingGenerator(provider.GetRequiredService<ModelOptions>(), provider.GetRequiredService<TimeProvider>()));
        if (configuration.GetSection(ModelOptions.Section).GetValue<ChatProvider>("Chat:Provider") != ChatProvider.None)
            services.AddSingleton<IChatClient>(provider => new OpenAIChatClient(provider.GetRequiredService<ModelOptions>().Chat, provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>The configured embedding model; an encoder on this machine is read from disk here.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddingGenerator(ModelOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Embedding.Provider == EmbeddingProvider.OpenAI
            ? new OpenAIEmbeddingGenerator(options.Embedding, time)
            : new OnnxEmbeddingGenerator(options.Embedding.Directory);
    }

    /// <summary>How many word pieces of the model a text has; null where the model does not say. What a chunker is to be given.</summary>
    public static Func<string, int>? PieceCounter(this IEmbeddingGenerator<string, Embedding<float>> generator) =>
        generator.GetService<OnnxEmbeddingGenerator>() is { } encoder ? encoder.CountPieces : null;
}
