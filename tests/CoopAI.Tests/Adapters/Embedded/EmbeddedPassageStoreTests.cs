using CoopAI.Adapters.Embedded;

namespace CoopAI.Tests.Adapters.Embedded;

public sealed class EmbeddedPassageStoreTests : PassageStoreContract<EmbeddedPassageStore>
{
    protected override Task<EmbeddedPassageStore> CreateEmptyAsync() => Task.FromResult(new EmbeddedPassageStore(dimension: 2));
}
