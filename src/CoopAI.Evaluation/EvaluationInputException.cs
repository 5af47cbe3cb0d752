using System.Globalization;
using CoopAI.Core;

namespace CoopAI.Evaluation;

/// <summary>A file given for evaluation cannot be used. The message names the file, the line and what would be right.</summary>
/// <param name="file">As the caller gave it.</param>
/// <param name="line">1-based, or null when the whole file is meant.</param>
/// <param name="problem">What is wrong and what would be right, as one or two plain sentences.</param>
public sealed class EvaluationInputException(string file, int? line, string problem, Exception? inner = null)
    : BadInputException(line is null ? $"{file}: {problem}" : string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}: {problem}"), inner);
