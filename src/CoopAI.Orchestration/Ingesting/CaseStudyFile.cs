using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Tagging;

namespace CoopAI.Orchestration.Ingesting;

/// <summary>Opens files of case studies; what stands in them is the core's business.</summary>
public static class CaseStudyFile
{
    /// <inheritdoc cref="CaseStudyReader.Read(Stream, string)"/>
    /// <exception cref="BadInputException">The file cannot be opened.</exception>
    public static CaseStudyReading Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return CaseStudyReader.Read(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="LabelledText.All"/>
    /// <exception cref="BadInputException">The file cannot be opened, or its labels are wrong.</exception>
    public static IReadOnlyList<LabelledText> ReadLabels(string path) => LabelledText.All(Read(path), path);
}
