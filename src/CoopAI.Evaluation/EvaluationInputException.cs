using System.Globalization;

namespace CoopAI.Evaluation;

/// <summary>A file given for evaluation cannot be used. The message names the file, the line and what would be right.</summary>
public sealed class EvaluationInputException : Exception
{
    /// <param name="file">As the caller gave it.</param>
    /// <param name="line">1-based, or null when the whole file is meant.</param>
    /// <param name="problem">What is wrong and what would be right, as one or two plain sentences.</param>
    public EvaluationInputException(string file, int? line, string problem, Exception? inner = null)
        : base(line is null ? $"{file}: {problem}" : string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}: {problem}"), inner)
    {
        File = file;
        Line = line;
    }

    public string File { get; }

    public int? Line { get; }
}
