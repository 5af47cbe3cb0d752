using CoopAI.Evaluation.Briefs;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Tests.Evaluation;

/// <summary>The letters with their briefs in the documentation are what the service quotes.</summary>
public sealed class LettersTests
{
    private static readonly string Text = File.ReadAllText(RepositoryFiles.Find("docs", "examples", "letters.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Five_letters_stand_there_word_for_word()
    {
        var letters = BriefCase.Read(RepositoryFiles.Find("evals", "briefs", "development.jsonl")).Where(c => c.Kind == "email").Take(5);

        Assert.All(letters, l => Assert.Contains($"```text\n{l.Text.ReplaceLineEndings("\n")}\n```", Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_quotation_stands_in_a_case_study()
    {
        var corpus = string.Join('\n', CorpusFile.Read(RepositoryFiles.Find("corpus", "case-studies.jsonl")).Select(c => c.Text));
        var quoted = Text.Split('\n').Where(l => l.StartsWith("> ", StringComparison.Ordinal)).Select(l => l[2..l.LastIndexOf(" [", StringComparison.Ordinal)].Replace("\\", "", StringComparison.Ordinal)).ToList();

        Assert.True(quoted.Count >= 10, $"{quoted.Count} quotations");
        Assert.All(quoted, q => Assert.Contains(q, corpus, StringComparison.Ordinal));
    }
}
