using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CoopAI.Tests;

/// <summary>Which project may know which, and what the core may not reach for.</summary>
public sealed class ArrowsTests
{
    private const string Kernel = "Microsoft.SemanticKernel";

    private static readonly Assembly Core = typeof(CoopAI.Core.BadInputException).Assembly;
    private static readonly Assembly Orchestration = typeof(CoopAI.Orchestration.CoopKernel).Assembly;
    private static readonly Assembly Adapters = typeof(CoopAI.Adapters.Sqlite.SqliteLedger).Assembly;
    private static readonly Assembly Evaluation = typeof(CoopAI.Evaluation.Reporting.EvaluationReport).Assembly;
    private static readonly Assembly Web = typeof(CoopAI.Web.Hosting.CoopServices).Assembly;
    private static readonly Assembly Cli = typeof(CoopAI.Cli.CommandLine).Assembly;

    [Fact]
    public void Each_project_knows_only_those_below_it_and_orchestration_and_adapters_never_meet()
    {
        Assert.Empty(KnownBy(Core));
        Assert.Equal(["CoopAI.Core"], KnownBy(Orchestration));
        Assert.Equal(["CoopAI.Core"], KnownBy(Adapters));
        Assert.Empty(KnownBy(Evaluation).Except(["CoopAI.Core", "CoopAI.Orchestration"]));
        Assert.Empty(KnownBy(Web).Except(["CoopAI.Core", "CoopAI.Orchestration", "CoopAI.Adapters"]));
        Assert.Empty(KnownBy(Cli).Except(["CoopAI.Core", "CoopAI.Orchestration", "CoopAI.Adapters", "CoopAI.Evaluation", "CoopAI.Web"]));
    }

    [Fact]
    public void Only_orchestration_knows_the_kernel() =>
        Assert.Equal([Orchestration], new[] { Core, Orchestration, Adapters, Evaluation, Web, Cli }.Where(a => a.GetReferencedAssemblies().Any(r => r.Name!.StartsWith(Kernel, StringComparison.Ordinal))));

    [Fact]
    public void The_core_has_no_clock_and_no_chance_of_its_own()
    {
        string[] outside =
        [
            "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
            "System.TimeZoneInfo.get_Local", "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.Random.get_Shared",
        ];

        Assert.Empty(Calls(Core).Intersect(outside));
    }

    private static IEnumerable<string> KnownBy(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(r => r.Name == "coopai" ? "CoopAI.Cli" : r.Name!).Where(n => n.StartsWith("CoopAI.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Members of other assemblies that an assembly uses.</summary>
    private static HashSet<string> Calls(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var reader = file.GetMetadataReader();
        return
        [
            .. reader.MemberReferences.Select(reader.GetMemberReference).Where(m => m.Parent.Kind == HandleKind.TypeReference).Select(m =>
            {
                var type = reader.GetTypeReference((TypeReferenceHandle)m.Parent);
                return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}.{reader.GetString(m.Name)}";
            }),
        ];
    }
}
