using CoopAI.Core.Retrieval;
using CoopAI.Tests.Adapters;

namespace CoopAI.Tests.Core.Retrieval;

public sealed class EmbeddedPassageStoreTests : PassageStoreContract<EmbeddedPassageStore>
{
    protected override Task<EmbeddedPassageStore> CreateEmptyAsync() => Task.FromResult(new EmbeddedPassageStore(dimension: 2));
}
