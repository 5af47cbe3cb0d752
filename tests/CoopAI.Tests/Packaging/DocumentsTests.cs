using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using CoopAI.Cli;
using CoopAI.Web.Hosting;

namespace CoopAI.Tests.Packaging;

/// <summary>Every command and every setting that the documents name is held against what exists.</summary>
public sealed partial class DocumentsTests
{
    private const string CliByDotnet = "dotnet run --project src/CoopAI.Cli -- ";

    /// <summary>Variables with the service's prefix that are none of its settings: for tests and for docker-compose.yml.</summary>
    private static readonly string[] Others = ["COOPAI_CHROMIUM", "COOPAI_QDRANT_URL", "COOPAI_QDRANT_KEY", "COOPAI_QDRANT_REPLICAS", "COOPAI_MUTATIONS", "COOPAI_CHAT_PROVIDER", "COOPAI_CHAT_MODEL", "COOPAI_ORGANISATION", "COOPAI_CONTACT"];

    public static TheoryData<string> Documents =>
    [
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "docker-compose.yml", "Dockerfile",
        .. Directory.EnumerateFiles(RepositoryFiles.Find("docs"), "*.md", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(RepositoryFiles.Root, f).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_variable_that_a_document_names_is_a_setting(string document)
    {
        foreach (var line in File.ReadLines(RepositoryFiles.Find(document)))
        {
            string? whole = null;
            foreach (Match match in Variable().Matches(line))
            {
                var name = match.Value;
                // In a table "…__Key" stands for the key beside the one named in full before it.
                if (name.StartsWith('…')) name = whole is null ? name : whole[..whole.LastIndexOf("__", StringComparison.Ordinal)] + name[1..];
                else whole = name;
                if (Others.Contains(name, StringComparer.Ordinal)) continue;
                Assert.True(KnownSettings.Has(name["COOPAI_".Length..].Replace("__", ":", StringComparison.Ordinal)), $"{document}: {name} is no setting.\n{line}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_command_of_a_document_is_understood(string document)
    {
        var block = false;
        var text = File.ReadAllText(RepositoryFiles.Find(document)).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal)) block = !block;
            if (block && CommandOf(line) is { } command)
            {
                var parsed = CommandLine.Parse([.. CommandLineParser.SplitCommandLine(command)]);
                Assert.True(parsed.Errors.Count == 0, $"{document}: coopai {command}\n{string.Join('\n', parsed.Errors.Select(e => e.Message))}");
            }

            if (block && line.Contains("--project ", StringComparison.Ordinal))
                Assert.True(Directory.Exists(RepositoryFiles.Find(line.Split("--project ")[1].Split(' ')[0].Trim())), $"{document}: there is no such project.\n{line}");
        }

        foreach (Match match in Inline().Matches(text)) AssertExists(document, match.Groups[1].Value);
    }

    /// <summary>The part of a line that is a command line of <c>coopai</c>; null: none.</summary>
    private static string? CommandOf(string line)
    {
        line = Regex.Replace(line.Trim().TrimStart('$', ' '), @"^(?:[A-Z]\w+=\S+ )+", "");
        var command = line.StartsWith(CliByDotnet, StringComparison.Ordinal) ? line[CliByDotnet.Length..] : line.StartsWith("coopai ", StringComparison.Ordinal) ? line["coopai ".Length..] : null;
        return command is null ? null : Regex.Split(command, @" (?:\||>|<|#|&&|2>) ?")[0].Trim();
    }

    /// <summary>In running text a command may lack its arguments, but it and its options exist.</summary>
    private static void AssertExists(string document, string command)
    {
        Command at = new RootCommand();
        var root = CommandLine.Parse([]).RootCommandResult.Command;
        at = root;
        var words = CommandLineParser.SplitCommandLine(command).ToList();
        foreach (var word in words.TakeWhile(w => !w.StartsWith('-') && w.All(c => char.IsAsciiLetterLower(c) || c == '-')))
        {
            if (at.Subcommands.Count == 0) break;
            var next = at.Subcommands.FirstOrDefault(c => c.Name == word);
            Assert.True(next is not null || at.Arguments.Count > 0, $"{document}: `coopai {command}`: there is no command \"{word}\".");
            if (next is null) break;
            at = next;
        }

        foreach (var option in words.Where(w => w.StartsWith("--", StringComparison.Ordinal)))
            Assert.True(at.Options.Concat(root.Options).Any(o => o.Name == option.TrimEnd('.', ',', ';')), $"{document}: `coopai {command}`: there is no option {option}.");
    }

    [GeneratedRegex(@"COOPAI_[A-Za-z0-9]+(?:_[A-Z]+)*(?:__[A-Za-z0-9]+)*|…__[A-Za-z0-9]+(?:__[A-Za-z0-9]+)*")]
    private static partial Regex Variable();

    [GeneratedRegex(@"`coopai ([^`\n]+)`")]
    private static partial Regex Inline();
}
