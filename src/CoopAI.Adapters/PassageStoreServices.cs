using CoopAI.Adapters.Qdrant;
using CoopAI.Core;
using CoopAI.Core.Retrieval;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Adapters;

/// <summary>Which store ranks the passages.</summary>
public enum PassageStoreKind
{
    /// <summary>In this process; needs nothing.</summary>
    Embedded,

    /// <summary>A Qdrant server, set up under <see cref="QdrantOptions.Section"/>.</summary>
    Qdrant,
}

/// <summary>Puts the configured passage store in place.</summary>
internal static class PassageStoreServices
{
    /// <summary>The setting that chooses the store: "Embedded" (the default) or "Qdrant".</summary>
    public const string Setting = "Store";

    /// <exception cref="BadInputException">The setting names no store.</exception>
    public static PassageStoreKind Read(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" => PassageStoreKind.Embedded,
        var text when Enum.TryParse<PassageStoreKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsAsciiDigit(text[0]) => kind,
        var text => throw new BadInputException($"The setting {Setting} is '{text}'. It can be {string.Join(" or ", Enum.GetNames<PassageStoreKind>())}."),
    };

    /// <summary>Registers <see cref="IPassageStore"/>, and for Qdrant what looks after its index.</summary>
    public static IServiceCollection AddPassageStore(this IServiceCollection services, IConfiguration configuration)
    {
        if (Read(configuration) == PassageStoreKind.Embedded)
            return services.AddSingleton<IPassageStore>(p => new EmbeddedPassageStore(Encoder(p).Dimension, Encoder(p).ModelId));

        services.AddChecked<QdrantOptions>(configuration, QdrantOptions.Section);
        // Retries of many clients must not fall together, so this randomness has no seed.
        services.AddSingleton(p => QdrantConnection.Create(p.GetRequiredService<QdrantOptions>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new QdrantPassageStore(p.GetRequiredService<QdrantConnection>(), Encoder(p).ModelId, Encoder(p).Dimension));
        services.AddSingleton<IPassageStore>(p => p.GetRequiredService<QdrantPassageStore>());
        services.AddSingleton(p => new QdrantIndex(p.GetRequiredService<QdrantConnection>(), Encoder(p).ModelId, Encoder(p).Dimension));
        return services.AddSingleton(p => new QdrantDoctor(p.GetRequiredService<QdrantConnection>(), Encoder(p).ModelId, Encoder(p).Dimension));
    }

    private static EncoderIdentity Encoder(IServiceProvider services) => services.GetRequiredService<EncoderIdentity>();
}
