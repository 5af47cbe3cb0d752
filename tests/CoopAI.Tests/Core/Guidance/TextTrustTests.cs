using System.Text;
using System.Text.Json;
using CoopAI.Adapters;
using CoopAI.Adapters.Reading;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Principles;
using CoopAI.Orchestration.Ingesting;

namespace CoopAI.Tests.Core.Guidance;

/// <summary>What is made to steer or to be found by every search waits for a person; what only looks like it does not.</summary>
public class TextTrustTests
{
    private static readonly TextTrust Trust = new(new GuidanceInForce(GuidanceFiles.Framework));

    private static readonly CaseStudyImporter Importer = new(
        PromptFiles.Principles(GuidanceFiles.PathOf("prompts", "principles.yaml")).Principles, new PersonalDataMask(File.ReadAllText(GuidanceFiles.PathOf("prompts", "guidance", "personal_data.txt"))), isOrder: Trust.IsOrder);

    private sealed record Expected(string Id, string Expect);

    public static TheoryData<string> Lines() => [.. File.ReadLines(GuidanceFiles.PathOf("evals", "trust", "untrusted-texts.jsonl"))];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_text_of_the_set_is_judged_as_it_should_be_after_it_was_read(string line)
    {
        var expected = JsonSerializer.Deserialize<Expected>(line, CoopAI.Core.CoopJson.Options)!;

        var read = Assert.Single(Importer.Read(Encoding.UTF8.GetBytes(line), "set.jsonl"));

        Assert.True(read.Read is not null, read.Problem?.ToString());
        var doubts = Trust.Look(read.Read!.CaseStudy);
        Assert.True(doubts.Count > 0 == (expected.Expect == "quarantine"), $"{expected.Id}: {(doubts.Count == 0 ? "nothing was noticed" : string.Join(' ', doubts.Select(d => d.Says)))}");
    }

    [Fact]
    public void The_set_holds_at_least_thirty_of_each_kind()
    {
        var all = File.ReadLines(GuidanceFiles.PathOf("evals", "trust", "untrusted-texts.jsonl")).Select(l => JsonSerializer.Deserialize<Expected>(l, CoopAI.Core.CoopJson.Options)!).ToList();

        Assert.True(all.Count(e => e.Expect == "quarantine") >= 30 && all.Count(e => e.Expect == "pass") >= 30);
    }

    [Fact]
    public void No_shipped_case_study_is_doubted()
    {
        var shipped = CaseStudyFile.Read(GuidanceFiles.PathOf("corpus", "case-studies.jsonl")).CaseStudies;

        Assert.Empty(shipped.Where(c => Trust.Look(c).Count > 0).Select(c => $"{c.Slug}: {string.Join(' ', Trust.Look(c).Select(d => d.Says))}"));
    }
}
