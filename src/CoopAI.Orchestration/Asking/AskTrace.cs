using System.Diagnostics;

namespace CoopAI.Orchestration.Asking;

/// <summary>What the walk tells a trace: which filter ran on which step. Never a word of a question or a source.</summary>
public static class AskTrace
{
    /// <summary>Name of the activity source.</summary>
    public const string Name = "CoopAI.Asking";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Begins the work of one filter; disposing it ends it.</summary>
    /// <param name="filter">The filter's own name.</param>
    internal static Activity? Begin(string filter) => Source.StartActivity(filter);
}
