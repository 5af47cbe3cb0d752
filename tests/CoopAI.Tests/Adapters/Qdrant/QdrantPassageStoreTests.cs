using CoopAI.Adapters.Qdrant;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>Against a real server, when <c>COOPAI_QDRANT_URL</c> names one (its key in <c>COOPAI_QDRANT_KEY</c>). Each test makes and removes collections of its own.</summary>
public sealed class QdrantPassageStoreTests : PassageStoreContract<QdrantPassageStore>, IAsyncLifetime
{
    private readonly List<QdrantConnection> _connections = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            var index = new QdrantIndex(connection, "test", 2);
            foreach (var collection in (await index.GetStatusAsync(CancellationToken.None)).Collections)
                await connection.SendAsync(QdrantRequests.DeleteCollection(collection.Name), CancellationToken.None);
            connection.Dispose();
        }
    }

    protected override Task<QdrantPassageStore> CreateEmptyAsync()
    {
        var url = Environment.GetEnvironmentVariable("COOPAI_QDRANT_URL");
        Assert.SkipWhen(url is null, "COOPAI_QDRANT_URL is not set: no Qdrant server to test against.");

        var options = new QdrantOptions
        {
            Address = new Uri(url!),
            ApiKey = Environment.GetEnvironmentVariable("COOPAI_QDRANT_KEY"),
            Alias = $"coopai-test-{Guid.NewGuid():N}",
        };
        _connections.Add(QdrantConnection.Create(options, TimeProvider.System));
        return Task.FromResult(new QdrantPassageStore(_connections[^1], "test", dimension: 2));
    }
}
