using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Evaluation.Running;

/// <summary>The product on a folder of its own that goes with it: an evaluation never sees or changes the user's data.</summary>
/// <param name="build">Puts the product's parts together over a data folder, as its doors do.</param>
/// <param name="corpus">Where the shipped case studies lie.</param>
public sealed class ProductUnderTest(IConfiguration configuration, Func<IConfiguration, string, ServiceProvider> build, string corpus) : IAsyncDisposable
{
    private DirectoryInfo? _folder;
    private ServiceProvider? _services;

    /// <summary>Where the shipped case studies lie.</summary>
    public string Corpus => corpus;

    public T Get<T>()
        where T : notnull => (_services ??= build(configuration, (_folder = Directory.CreateTempSubdirectory("coopai-eval-")).FullName)).GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        if (_folder is { Exists: true }) _folder.Delete(recursive: true);
    }
}
