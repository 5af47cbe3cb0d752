using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Cli.Evaluation;

/// <summary>The product on a folder of its own that goes with it: an evaluation never sees or changes the user's data.</summary>
internal sealed class TemporaryProduct(IConfiguration configuration) : IAsyncDisposable
{
    private DirectoryInfo? _folder;
    private ServiceProvider? _services;

    public T Get<T>()
        where T : notnull => (_services ??= CoopServices.Build(configuration, (_folder = Directory.CreateTempSubdirectory("coopai-eval-")).FullName)).GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        if (_folder is { Exists: true }) _folder.Delete(recursive: true);
    }
}
