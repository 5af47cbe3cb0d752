namespace CoopAI.Adapters;

/// <summary>The data files that ship beside the program.</summary>
public static class ProductFiles
{
    /// <summary>The shipped case studies, one JSON object a line.</summary>
    public static string Corpus => Path.Combine(AppContext.BaseDirectory, "corpus", "case-studies.jsonl");

    /// <summary>Prompts, principles and the values guidance.</summary>
    public static string Prompts => Path.Combine(AppContext.BaseDirectory, "prompts");

    /// <summary>The worked examples of the values rules, one JSON object a line.</summary>
    public static string RuleExamples => Path.Combine(AppContext.BaseDirectory, "evals", "guidance", "worked-examples.jsonl");

    /// <summary>The readers' labels that the tagger learns from.</summary>
    public static string TaggingLabels => Path.Combine(AppContext.BaseDirectory, "evals", "tagging", "readers.jsonl");
}
