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

    /// <summary>Holds a text to an accepted file of the repository; with ACCEPT_SNAPSHOTS=1 the file takes the text on instead.</summary>
    public static void AssertAccepted(string text, params string[] parts)
    {
        var path = Find(parts);
        if (Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1") File.WriteAllText(path, text);
        var accepted = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        Assert.True(accepted == text, $"This differs from {string.Join('/', parts)}. If it is meant, run the test with ACCEPT_SNAPSHOTS=1 and look at the file's change. First difference: {FirstDifference(accepted, text)}");
    }

    private static string FirstDifference(string accepted, string text)
    {
        var (old, now) = (accepted.Split('\n'), text.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(old.Length, now.Length)).FirstOrDefault(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"line {at + 1}: accepted \"{old.ElementAtOrDefault(at)}\", now \"{now.ElementAtOrDefault(at)}\"";
    }

    private static IEnumerable<string> Above()
    {
        for (var d = AppContext.BaseDirectory; d is not null; d = Path.GetDirectoryName(d)) yield return d;
    }
}
