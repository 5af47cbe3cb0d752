using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Principles;

namespace CoopAI.Adapters;

/// <summary>Opens the files under <c>prompts/</c>; what stands in them is the core's business.</summary>
public static class PromptFiles
{
    /// <summary>The shipped rules, or those of another folder.</summary>
    /// <exception cref="BadInputException">The folder or a file is missing, cannot be read or is wrong; the message names it.</exception>
    /// <param name="edits">Laid over the files; null: none.</param>
    public static GuidanceFramework Guidance(string? directory = null, IReadOnlyList<GuidanceEdit>? edits = null)
    {
        directory ??= Path.Combine(ProductFiles.Prompts, "guidance");
        if (!Directory.Exists(directory)) throw new BadInputException($"The guidance folder '{directory}' does not exist. It must hold {GuidanceFramework.RulesFile} and its lists.");
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Opened(directory, () => Directory.GetFiles(directory)))
        {
            if (Path.GetExtension(path) is not (".yaml" or ".txt" or ".json" or ".csv")) continue;
            var name = Path.GetFileName(path);
            if (new FileInfo(path).Length > GuidanceFramework.MaxFileBytes) throw new BadInputException($"{name}: larger than {GuidanceFramework.MaxFileBytes} bytes.");
            files[name] = GuidanceFramework.Text(name, Opened(path, () => File.ReadAllBytes(path)));
        }

        return GuidanceFramework.Load(files, edits);
    }

    /// <summary>The shipped principles, or those of another file.</summary>
    /// <exception cref="BadInputException">The file is missing or wrong; the message names file and line.</exception>
    public static PrincipleCatalogue Principles(string? path = null)
    {
        path ??= Path.Combine(ProductFiles.Prompts, PrincipleCatalogue.FileName);
        return PrincipleCatalogue.Parse(Opened(path, () => File.ReadAllText(path)), path);
    }

    /// <summary>The text of a file under <c>prompts/</c>.</summary>
    /// <param name="parts">Below that folder, such as "guidance", "personal_data.txt".</param>
    /// <exception cref="BadInputException">It is missing or cannot be read.</exception>
    public static string Text(params string[] parts)
    {
        var path = Path.Combine([ProductFiles.Prompts, .. parts]);
        return Opened(path, () => File.ReadAllText(path));
    }

    private static T Opened<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be read: {e.Message}{(path.StartsWith(ProductFiles.Prompts, StringComparison.Ordinal) ? " It ships with the program: put it back, or install the program anew." : "")}", e);
        }
    }
}
