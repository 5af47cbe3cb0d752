using CoopAI.Core.Briefs;
using CoopAI.Core.Ledger;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Asking.Filters;
using CoopAI.Orchestration.Asking.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration;

/// <summary>Makes the kernel of one question: the plugins, made once on first use, and the filters of the values guidance.</summary>
/// <remarks>Safe for concurrent use. The first kernel of a process takes some 100 ms, each further one a few microseconds.</remarks>
public sealed class CoopKernel(IServiceProvider services)
{
    private readonly Lazy<KernelPlugin[]> _plugins = new(() =>
    [
        CaseStudiesPlugin.Create(services.GetRequiredService<Retriever>(), services.GetRequiredService<EvidenceReader>(), services.GetRequiredService<BriefModel>()),
        BriefPlugin.Create(services.GetService<Writer>()),
        PrinciplesPlugin.Create(services.GetRequiredService<ITagBook>(), services.GetRequiredService<SearchCorpus>()),
        LedgerPlugin.Create(services.GetRequiredService<ILedger>()),
    ]);

    private readonly QuietServices _quiet = new(services);

    /// <summary>The language model that writes briefs; null: sentences are quoted.</summary>
    public Writer? Writer { get; } = services.GetService<Writer>();

    /// <summary>Whoever puts the sentences together when nothing goes wrong.</summary>
    public Composer Composer => Writer?.Composer ?? ExtractiveComposer.Composer;

    internal Step Compose => Writer is null ? Step.Quote : Step.Write;

    public Kernel Create() => new(_quiet, [.. _plugins.Value]);

    /// <summary>The kernel logs arguments and results at Trace, questions among them: so it is given no log, whatever the settings say.</summary>
    private sealed class QuietServices(IServiceProvider services) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(ILoggerFactory) ? NullLoggerFactory.Instance : services.GetService(serviceType);
    }
}

/// <summary>Registers what answers a question.</summary>
public static class CoopKernelServices
{
    /// <summary>
    /// The walk with its filters. Needs a <see cref="Retriever"/>, a <see cref="SearchCorpus"/>, a <see cref="Core.Guidance.GuidanceRunner"/>, an
    /// <see cref="ILedger"/>, an <see cref="ITagBook"/>, an <see cref="IOffSwitch"/>, <see cref="AnsweringOptions"/> and a <see cref="TimeProvider"/>; for
    /// a language model a <see cref="Writer"/> and a chat client.
    /// </summary>
    public static IServiceCollection AddCoopKernel(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => BriefModel.Shipped);
        services.TryAddSingleton<EvidenceReader>();
        services.TryAddSingleton<AnswerIds>(p => () => Guid.CreateVersion7(p.GetRequiredService<TimeProvider>().GetUtcNow()).ToString("N"));
        services.AddSingleton<CoopKernel>();
        services.TryAddSingleton<FindAnswer>(_ => _ => null);
        services.AddSingleton<MessageReading>();
        services.AddSingleton<AskQuestion>();
        // In this order they run: the first is the outermost.
        services.AddSingleton<IFunctionInvocationFilter, QuestionFilter>();
        services.AddSingleton<IFunctionInvocationFilter, SourcesFilter>();
        services.AddSingleton<IFunctionInvocationFilter, DraftFilter>();
        services.AddSingleton<IFunctionInvocationFilter, TagFilter>();
        services.AddSingleton<IFunctionInvocationFilter, RecordFilter>();
        services.AddSingleton<IPromptRenderFilter, PromptFilter>();
        services.AddSingleton<IAutoFunctionInvocationFilter, ReadOnlyToolsFilter>();
        return services;
    }
}
