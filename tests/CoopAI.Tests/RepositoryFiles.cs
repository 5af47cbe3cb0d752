namespace CoopAI.Tests;

/// <summary>Files that tests read from the source tree, found upwards from the test program.</summary>
internal static class RepositoryFiles
{
    /// <summary>The directory of CoopAI.sln.</summary>
    public static string Root { get; } = Above().First(d => File.Exists(Path.Combine(d, "CoopAI.sln")));

    public static string Find(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A file of the folder that lies beside the repository, or null: it is not there.</summary>
    public static string? FindShared(params string[] parts) =>
        Above().Select(d => Path.Combine([d, "shared", .. parts])).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Above()
    {
        for (var d = AppContext.BaseDirectory; d is not null; d = Path.GetDirectoryName(d)) yield return d;
    }
}
