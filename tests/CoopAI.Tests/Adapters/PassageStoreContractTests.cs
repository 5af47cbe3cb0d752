using System.Reflection;
using CoopAI.Core.Retrieval;

namespace CoopAI.Tests.Adapters;

public sealed class PassageStoreContractTests
{
    [Fact]
    public void Every_store_is_held_to_the_contract()
    {
        var stores = StoresIn(typeof(EmbeddedPassageStore).Assembly, typeof(IPassageStore).Assembly);

        var left = stores.Except(HeldIn(typeof(PassageStoreContractTests).Assembly)).Select(t => t.Name);

        Assert.Contains(typeof(EmbeddedPassageStore), stores);
        Assert.Empty(left);
    }

    [Fact]
    public void A_store_without_a_suite_is_found()
    {
        var stores = StoresIn(typeof(ForgottenStore).Assembly);

        Assert.Contains(typeof(ForgottenStore), stores.Except(HeldIn(typeof(PassageStoreContractTests).Assembly)));
    }

    private static IReadOnlyList<Type> StoresIn(params Assembly[] assemblies) =>
        [.. assemblies.SelectMany(a => a.GetTypes()).Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IPassageStore)) && !IsWrapper(t))];

    // A store that only adds something to another one (a decorator takes an IPassageStore) leaves the promises to that one.
    private static bool IsWrapper(Type type) =>
        type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(c => c.GetParameters()).Any(p => p.ParameterType == typeof(IPassageStore));

    private static IEnumerable<Type> HeldIn(Assembly assembly) => assembly.GetTypes().Where(t => !t.IsAbstract).SelectMany(BasesOf)
        .Where(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(PassageStoreContract<>)).Select(t => t.GetGenericArguments()[0]).Distinct();

    private static IEnumerable<Type> BasesOf(Type type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType) yield return t;
    }

    private sealed class ForgottenStore : IPassageStore
    {
        public string Name => "forgotten";

        public bool IsDurable => false;

        public ValueTask<PassageStoreStatus> GetStatusAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task UpsertAsync(IReadOnlyList<StoredCaseStudy> caseStudies, CancellationToken ct) => throw new NotSupportedException();

        public Task DeleteAsync(IReadOnlyCollection<string> slugs, CancellationToken ct) => throw new NotSupportedException();

        public Task<HybridHits> SearchAsync(HybridQuery query, CancellationToken ct) => throw new NotSupportedException();
    }
}
