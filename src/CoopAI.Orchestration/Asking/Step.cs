using CoopAI.Core.Briefs;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking;

/// <summary>A function of the kernel as a step of the walk. What a step works on stands in its arguments by name.</summary>
/// <param name="Plugin">As the kernel names it.</param>
/// <param name="Function">As the kernel names it.</param>
internal sealed record Step(string Plugin, string Function)
{
    /// <summary>Finds case studies for one part.</summary>
    public static readonly Step Search = new("CaseStudies", "search");

    /// <summary>Finds case studies like a given one; no step of the walk, but a model may ask for it.</summary>
    public static readonly Step Similar = new("CaseStudies", "similar");

    /// <summary>Quotes sentences of the sources.</summary>
    public static readonly Step Quote = new("Brief", "quote");

    /// <summary>Has a chat model write sentences.</summary>
    public static readonly Step Write = new("Brief", "write");

    /// <summary>Finds the principles that the cited sentences evidence.</summary>
    public static readonly Step Tag = new("Principles", "tag");

    /// <summary>Puts the answer into the ledger.</summary>
    public static readonly Step Record = new("Ledger", "record");

    /// <summary>The argument that holds an <see cref="AskPart"/>.</summary>
    public const string Part = "part";

    private const string Run = "run";

    /// <summary>What the function is given for a part, with the part itself for the filters; <see cref="Filters.DraftFilter"/> adds the prompt's message.</summary>
    public KernelArguments ArgumentsOf(AskPart part)
    {
        var arguments = new KernelArguments { [Part] = part };
        if (this == Search) (arguments["question"], arguments["filter"]) = (part.Question.Text, part.Question.Filter);
        else if (this == Quote) arguments["sources"] = part.Sources;
        else if (this == Tag) arguments["sentences"] = part.Said;
        return arguments;
    }

    /// <summary>What the function is given for the whole run; <see cref="Filters.RecordFilter"/> adds the record.</summary>
    public static KernelArguments ArgumentsOf(AskRun run) => new() { [Run] = run };

    /// <summary>The part that this step works on in the walk; null: it is another function, or nobody walks (a model asked for it).</summary>
    public AskPart? PartOf(FunctionInvocationContext context) => Is(context.Function) ? context.Arguments.GetValueOrDefault(Part) as AskPart : null;

    /// <summary>The run that this step works on; null as for <see cref="PartOf"/>.</summary>
    public AskRun? RunOf(FunctionInvocationContext context) => Is(context.Function) ? context.Arguments.GetValueOrDefault(Run) as AskRun : null;

    public bool Is(KernelFunction function) => function.Name == Function && function.PluginName == Plugin;
}
