using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace CoopAI.Tests;

/// <summary>Which project and which folder may know which, and what the core may not reach for.</summary>
public sealed class ArrowsTests
{
    private const string Kernel = "Microsoft.SemanticKernel";

    private static readonly Assembly Core = typeof(CoopAI.Core.BadInputException).Assembly;
    private static readonly Assembly Orchestration = typeof(CoopAI.Orchestration.CoopKernel).Assembly;
    private static readonly Assembly Adapters = typeof(CoopAI.Adapters.Sqlite.SqliteLedger).Assembly;
    private static readonly Assembly Evaluation = typeof(CoopAI.Evaluation.Reporting.EvaluationReport).Assembly;
    private static readonly Assembly Web = typeof(CoopAI.Web.Hosting.CoopServices).Assembly;
    private static readonly Assembly Cli = typeof(CoopAI.Cli.CommandLine).Assembly;
    private static readonly Architecture Coop = new ArchLoader().LoadAssemblies(Core, Orchestration, Adapters, Evaluation, Web, Cli).Build();

    [Fact]
    public void Each_project_knows_only_those_below_it_and_orchestration_and_adapters_never_meet()
    {
        Assert.Empty(KnownBy(Core));
        Assert.Equal(["CoopAI.Core"], KnownBy(Orchestration));
        Assert.Equal(["CoopAI.Core"], KnownBy(Adapters));
        Assert.Equal(["CoopAI.Core", "CoopAI.Orchestration"], KnownBy(Evaluation));
        Assert.Empty(KnownBy(Web).Except(["CoopAI.Core", "CoopAI.Orchestration", "CoopAI.Adapters"]));
        Assert.Empty(KnownBy(Cli).Except(["CoopAI.Core", "CoopAI.Orchestration", "CoopAI.Adapters", "CoopAI.Evaluation", "CoopAI.Web"]));
    }

    [Fact]
    public void What_lives_as_long_as_the_service_asks_for_the_rules_in_force_each_time()
    {
        var services = new ServiceCollection().AddCoopAI(new ConfigurationBuilder().Build(), Path.GetTempPath());

        var lasting = services.Where(d => d.Lifetime == ServiceLifetime.Singleton && d.ImplementationType is not null).Select(d => d.ImplementationType!).ToArray();

        Assert.Contains(typeof(CoopAI.Orchestration.Tagging.TagDesk), lasting);
        Assert.DoesNotContain(lasting, t => t.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(CoopAI.Core.Guidance.GuidanceFramework))));
    }

    [Fact]
    public void Only_orchestration_knows_the_kernel() =>
        Assert.Equal([Orchestration], new[] { Core, Orchestration, Adapters, Evaluation, Web, Cli }.Where(a => a.GetReferencedAssemblies().Any(r => r.Name!.StartsWith(Kernel, StringComparison.Ordinal))));

    [Fact]
    public void The_core_opens_no_file_no_address_and_no_process() =>
        Types().That().ResideInAssembly(Core).Should().NotDependOnAny(Types(includeReferenced: true).That().HaveFullNameMatching(
                @"^System\.(IO\.(File|FileInfo|FileStream|Directory|DirectoryInfo)|Console|Diagnostics\.Process|Net\.(Http|Sockets)\..*)$"))
            .Because("texts, streams and settings come from outside").Check(Coop);

    [Fact]
    public void The_core_has_no_clock_and_no_chance_of_its_own()
    {
        // Keys and signatures are drawn by the system's cryptography, where chance is the point.
        string[] outside =
        [
            "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
            "System.TimeProvider.get_System", "System.TimeZoneInfo.get_Local", "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.Random.get_Shared",
            "System.Diagnostics.Stopwatch.StartNew", "System.Diagnostics.Stopwatch.GetTimestamp", "System.Environment.get_TickCount64",
            "System.Security.Cryptography.RandomNumberGenerator.Fill", "System.Security.Cryptography.RandomNumberGenerator.GetBytes", "System.Security.Cryptography.RandomNumberGenerator.GetInt32",
        ];

        Assert.Empty(Calls(Core).Intersect(outside));
    }

    [Theory]
    [InlineData("CoopAI.Orchestration.(*)")]
    [InlineData("CoopAI.Adapters.(*)")]
    [InlineData("CoopAI.Evaluation.(*)")]
    [InlineData("CoopAI.Cli.(*)")]
    public void No_two_folders_know_each_other(string folders) => SliceRuleDefinition.Slices().Matching(folders).Should().BeFreeOfCycles().Check(Coop);

    [Fact]
    public void The_rooms_of_the_core_can_be_put_in_an_order()
    {
        // What is left to straighten, and nothing else: the index of a corpus holds the counts that filters need, a reader of case studies
        // looks for hidden orders, and the framework knows the limits of an entry's texts.
        (string From, string To)[] known = [("Ranking", "Retrieval"), ("Corpus", "Guidance"), ("Guidance", "Ledger")];
        var arrows = Coop.Types.SelectMany(t => t.Dependencies.Select(d => (From: RoomOf(t), To: RoomOf(d.Target))))
            .Where(a => a.From.Length > 0 && a.To.Length > 0 && a.From != a.To).Except(known).ToHashSet();

        var left = arrows.SelectMany(a => new[] { a.From, a.To }).ToHashSet(StringComparer.Ordinal);
        while (left.FirstOrDefault(room => !arrows.Any(a => a.From == room && left.Contains(a.To))) is { } lowest) left.Remove(lowest);

        Assert.Empty(arrows.Where(a => left.Contains(a.From) && left.Contains(a.To)).Select(a => $"{a.From} -> {a.To}").Order(StringComparer.Ordinal));
    }

    /// <summary>The folder of the core that a type stands in; empty: none.</summary>
    private static string RoomOf(IType type) => type.FullName.Split('.') is ["CoopAI", "Core", var room, _, ..] ? room : "";

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
