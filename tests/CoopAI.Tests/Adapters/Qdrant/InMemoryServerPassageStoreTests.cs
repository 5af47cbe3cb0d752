using CoopAI.Adapters.Qdrant;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>The contract over the stand-in server, offline: it holds the adapter's own work to the contract, not the engine's.</summary>
public sealed class InMemoryServerPassageStoreTests : PassageStoreContract<QdrantPassageStore>, IAsyncLifetime
{
    private readonly InMemoryPassageServer _server = InMemoryPassageServer.Start();
    private QdrantConnection? _connection;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        await _server.DisposeAsync();
    }

    protected override Task<QdrantPassageStore> CreateEmptyAsync()
    {
        _connection = QdrantConnection.Create(new QdrantOptions { Address = _server.Address, ReadTimeout = TimeSpan.FromSeconds(20), ReadDeadline = TimeSpan.FromSeconds(60) }, TimeProvider.System);
        return Task.FromResult(new QdrantPassageStore(_connection, "test", dimension: 2));
    }
}

/// <summary>The index's own promises over the stand-in.</summary>
public sealed class InMemoryServerIndexContractTests : QdrantIndexContract
{
    private readonly InMemoryPassageServer _server = InMemoryPassageServer.Start();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    internal override QdrantUnderTest Server() => new(_server.Address, key: null);
}
